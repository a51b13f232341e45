import { FAIL, OK } from '../../../histories/op.ts';
import { int32Column } from '../columns.ts';
import { Interner } from '../intern.ts';
import { type Intervals, NEVER } from '../intervals.ts';

/** The functions of a queue or stack. */
export interface ContainerFunctions {
  readonly put: string;
  readonly take: string;
}

/**
 * The operations on one queue or stack by element, each put once and taken at most once. Rows are operations
 * of `Intervals`. A put that nobody knows the outcome of is here only if its element was taken: otherwise it
 * may as well not have been.
 */
export interface ContainerValues {
  readonly count: number;
  /** Of each element, the row of its put; in the order of their invocations. */
  readonly put: Int32Array;
  /** The row of its take, or -1. */
  readonly take: Int32Array;
  /** When the put is invoked, and the latest that it takes effect: no later than the take is over. */
  readonly putCall: Int32Array;
  readonly putRet: Int32Array;
  /**
   * The earliest that the take takes effect, not before the put is invoked, and when it is over; `NEVER` if
   * not taken.
   */
  readonly takeCall: Int32Array;
  readonly takeRet: Int32Array;
  /** Rows of takes that found nothing. */
  readonly empty: readonly number[];
  /** Rows of takes with unknown outcome. */
  readonly pending: readonly number[];
}

/** Something is wrong with one element, whatever the order. */
export type ValueViolation =
  | { readonly kind: 'never-put'; readonly take: number }
  | { readonly kind: 'taken-twice'; readonly put: number; readonly first: number; readonly second: number }
  | { readonly kind: 'taken-early'; readonly put: number; readonly take: number };

/** Room for an element's number beside an event index in a float's 53 bits. */
const SHIFT = 2 ** 22;

/**
 * Sorts rows `from` to `to` by element. Undefined when this can't be done because an element is put twice or
 * an operation has another function.
 */
export function containerValues(
  intervals: Intervals,
  from: number,
  to: number,
  { put, take }: ContainerFunctions,
): ContainerValues | ValueViolation | undefined {
  const { history, call, ret, outcome } = intervals;
  const putCode = history.fCode(put);
  const takeCode = history.fCode(take);
  const ids = new Interner();
  const puts: number[] = [];
  const takes: number[] = [];
  const taken: number[] = [];
  const empty: number[] = [];
  const pending: number[] = [];
  for (let row = from; row < to; row++) {
    const f = history.f[call[row]!]!;
    if (f === putCode) {
      if (outcome[row] === FAIL) continue;
      const id = ids.id(history.value(call[row]!));
      if (puts[id] !== undefined) return undefined;
      puts[id] = row;
    } else if (f !== takeCode) return undefined;
    else if (outcome[row] === FAIL) {
      if (history.error(ret[row]!) === 'empty') empty.push(row);
    } else if (outcome[row] !== OK) pending.push(row);
    else if (history.value(ret[row]!) === null || history.value(ret[row]!) === undefined) empty.push(row);
    else taken.push(row);
  }
  for (const row of taken) {
    const id = ids.id(history.value(ret[row]!));
    if (puts[id] === undefined) return { kind: 'never-put', take: row };
    if (takes[id] !== undefined)
      return { kind: 'taken-twice', put: puts[id]!, first: takes[id]!, second: row };
    if (ret[row]! < call[puts[id]!]!) return { kind: 'taken-early', put: puts[id]!, take: row };
    takes[id] = row;
  }
  return columns(intervals, puts, takes, empty, pending);
}

function columns(
  { call, ret }: Intervals,
  puts: readonly number[],
  takes: readonly number[],
  empty: readonly number[],
  pending: readonly number[],
): ContainerValues {
  const kept: number[] = [];
  for (let id = 0; id < puts.length; id++) {
    if (ret[puts[id]!] !== NEVER || takes[id] !== undefined) kept.push(id);
  }
  const takeRet = int32Column(kept, (id) => (takes[id] === undefined ? NEVER : ret[takes[id]!]!));
  const putCall = int32Column(kept, (id) => call[puts[id]!]!);
  return {
    count: kept.length,
    put: int32Column(kept, (id) => puts[id]!),
    take: int32Column(kept, (id) => takes[id] ?? -1),
    putCall,
    putRet: int32Column(kept, (id, v) => Math.min(ret[puts[id]!]!, takeRet[v]!)),
    takeCall: int32Column(kept, (id, v) =>
      takes[id] === undefined ? NEVER : Math.max(call[takes[id]!]!, putCall[v]!),
    ),
    takeRet,
    empty,
    pending,
  };
}

/** The elements in the order in which they are surely inside. */
export function byPutReturn({ count, putRet }: ContainerValues): Int32Array {
  const keys = new Float64Array(count);
  for (let v = 0; v < count; v++) keys[v] = putRet[v]! * SHIFT + v;
  return int32Column(keys.sort(), (key) => key % SHIFT);
}

/** The same container as if there had been only these elements; takes that found nothing stay. */
export function onlyElements(values: ContainerValues, elements: ArrayLike<number>): ContainerValues {
  const column = (all: Int32Array) => int32Column(elements, (v) => all[v]!);
  return {
    count: elements.length,
    put: column(values.put),
    take: column(values.take),
    putCall: column(values.putCall),
    putRet: column(values.putRet),
    takeCall: column(values.takeCall),
    takeRet: column(values.takeRet),
    empty: values.empty,
    pending: [],
  };
}

/** The elements that somebody surely took. */
export function takenElements({ take }: ContainerValues): number[] {
  const taken: number[] = [];
  for (let v = 0; v < take.length; v++) if (take[v]! >= 0) taken.push(v);
  return taken;
}
