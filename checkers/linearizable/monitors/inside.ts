import type { Intervals } from '../intervals.ts';
import { byPutReturn, type ContainerValues } from './container-values.ts';

/** A take found nothing, though at every instant of it one of these elements was surely inside. */
export interface Covered {
  readonly kind: 'covered';
  /** The row of the take. */
  readonly take: number;
  readonly elements: readonly number[];
}

/** The first take that found nothing though there was no instant for that. */
export function coveredEmpty({ call, ret }: Intervals, values: ContainerValues): Covered | undefined {
  if (values.empty.length === 0) return undefined;
  const order = byPutReturn(values);
  const { starts, ends } = neverEmpty(values, order);
  for (const take of values.empty) {
    const at = lastBelow(starts, call[take]!);
    if (at < 0 || ends[at]! < ret[take]!) continue;
    return { kind: 'covered', take, elements: chain(values, order, call[take]!, ret[take]!) };
  }
  return undefined;
}

/** The longest spans during which something is surely inside, by time. */
function neverEmpty(
  { putRet, takeCall }: ContainerValues,
  order: Int32Array,
): { starts: number[]; ends: number[] } {
  const starts: number[] = [];
  const ends: number[] = [];
  for (const v of order) {
    if (putRet[v]! >= takeCall[v]!) continue;
    const last = ends.length - 1;
    if (last < 0 || putRet[v]! > ends[last]!) {
      starts.push(putRet[v]!);
      ends.push(takeCall[v]!);
    } else if (takeCall[v]! > ends[last]!) ends[last] = takeCall[v]!;
  }
  return { starts, ends };
}

function lastBelow(sorted: readonly number[], bound: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < bound) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** The fewest elements that are inside from `start` to `end`, one after another. */
function chain(
  { putRet, takeCall }: ContainerValues,
  order: Int32Array,
  start: number,
  end: number,
): number[] {
  const elements: number[] = [];
  let longest = -1;
  let next = 0;
  for (let reached = start; reached < end; reached = takeCall[longest]!) {
    for (; next < order.length && putRet[order[next]!]! < reached; next++) {
      if (longest < 0 || takeCall[order[next]!]! > takeCall[longest]!) longest = order[next]!;
    }
    elements.push(longest);
  }
  return elements;
}
