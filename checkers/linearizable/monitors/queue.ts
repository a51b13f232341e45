import { type Intervals, NEVER } from '../intervals.ts';
import { byPutReturn, type ContainerValues } from './container-values.ts';
import { type Covered, coveredEmpty } from './inside.ts';

/** `early` was surely enqueued before `late`, and yet `late` was dequeued before it. Numbers of elements. */
export interface WrongOrder {
  readonly kind: 'order';
  readonly early: number;
  readonly late: number;
}

/** The monitor can't tell. */
export interface Unsure {
  readonly kind: 'unsure';
}

/**
 * A first-in, first-out queue whose elements are all different, in O(n log n). It is linearizable exactly if no two elements come out
 * in the wrong order for sure and every dequeue that found nothing has an instant at which nothing was surely inside
 * (Bouajjani, Emmi, Enea and Hamza 2015, "On reducing linearizability to state reachability"). A dequeue of unknown
 * outcome may have taken any element that nobody else took.
 */
export function checkQueue(
  intervals: Intervals,
  values: ContainerValues,
): WrongOrder | Covered | Unsure | undefined {
  const helpers = values.pending.map((row) => intervals.call[row]!);
  const left = values.take.includes(-1);
  if (helpers.length > 0 && left && values.empty.length > 0) {
    const strict = wrongOrder(values, []) ?? coveredEmpty(intervals, values);
    return strict === undefined ? undefined : { kind: 'unsure' };
  }
  return wrongOrder(values, left ? helpers : []) ?? coveredEmpty(intervals, values);
}

/** `helpers`: invocations, in order, of dequeues that may have taken elements which nobody else took. */
function wrongOrder(values: ContainerValues, helpers: readonly number[]): WrongOrder | undefined {
  const { count, putCall, putRet, take, takeCall, takeRet } = values;
  const order = byPutReturn(values);
  let next = 0;
  let slowest = -1;
  for (let late = 0; late < count; late++) {
    for (; next < count && putRet[order[next]!]! < putCall[late]!; next++) {
      const early = order[next]!;
      if (helpers.length > 0 && take[early]! < 0) continue;
      if (slowest < 0 || takeCall[early]! > takeCall[slowest]!) slowest = early;
    }
    if (slowest >= 0 && takeRet[late]! < takeCall[slowest]!) return { kind: 'order', early: slowest, late };
  }
  return helpers.length === 0 ? undefined : beyondHelp(values, order, helpers);
}

/**
 * An element that nobody took must have been taken by one of `helpers` before any later element came out. Serving the
 * most urgent first decides whether there are enough of them in time.
 */
function beyondHelp(
  values: ContainerValues,
  order: Int32Array,
  helpers: readonly number[],
): WrongOrder | undefined {
  const { count, putCall, putRet, take, takeRet } = values;
  const urgent: WrongOrder[] = [];
  let late = count - 1;
  let soonest = -1;
  for (let i = count - 1; i >= 0; i--) {
    const early = order[i]!;
    for (; late >= 0 && putCall[late]! > putRet[early]!; late--) {
      if (soonest < 0 || takeRet[late]! < takeRet[soonest]!) soonest = late;
    }
    if (take[early]! >= 0 || soonest < 0 || takeRet[soonest] === NEVER) continue;
    urgent.push({ kind: 'order', early, late: soonest });
  }
  urgent.sort((a, b) => takeRet[a.late]! - takeRet[b.late]!);
  return urgent.find(({ late: before }, i) => i >= helpers.length || helpers[i]! > takeRet[before]!);
}
