import { NEVER } from '../intervals.ts';
import { GIVEN, LATE, NONE, OVERWRITE, type SearchProblem } from './problem.ts';

/** Must be linearized exactly once. */
export const MANDATORY = 0;
/** Must be observed to be possible at some moment; changes nothing. */
export const OBSERVER = 1;
/**
 * An overwrite: must be linearized, but fits right before any other overwrite during it without being
 * noticed.
 */
export const ABSORBABLE = 2;
/** May be linearized once. */
export const OPTIONAL = 3;
/** Happens at its moment, and needs no bit. */
export const INSTANT = 4;

/**
 * How a configuration is laid out in 32-bit words: state, boundary, then one bit for each open operation.
 * Bits of mandatory operations come first (1: linearized), then those of observers (1: observed, the more the
 * better), then those of absorbable and optional ones (1: used up, the fewer the better). A bit is used again
 * when its operation is over.
 */
export interface Layout {
  readonly role: Uint8Array;
  /** Of each operation: the word of its bit, and the bit. */
  readonly word: Uint16Array;
  readonly bit: Int32Array;
  /** First word of the observers, first word of the used-up bits, number of words. */
  readonly observers: number;
  readonly used: number;
  readonly stride: number;
  /** As the problem says. */
  readonly additive: boolean;
  /** Every event in order: `op` for an invocation, `~op` for a completion. */
  readonly events: Int32Array;
}

export const STATE = 0;
/** All operations numbered below it were invoked before the last overwrite. */
export const BOUNDARY = 1;
const FIRST_BIT_WORD = 2;

export function layoutOf(problem: SearchProblem): Layout {
  const { count } = problem;
  const role = new Uint8Array(count);
  for (let op = 0; op < count; op++) role[op] = roleOf(problem, op);
  const events = eventsOf(problem);
  const slot = new Int32Array(count);
  const pools = [new SlotPool(), new SlotPool(), new SlotPool()] as const;
  const poolOf = (op: number) => pools[Math.min(role[op]!, ABSORBABLE)]!;
  for (const event of events) {
    const op = event >= 0 ? event : ~event;
    if (role[op] === INSTANT) continue;
    if (event >= 0) slot[op] = poolOf(op).take();
    else poolOf(op).give(slot[op]!);
  }
  const starts: number[] = [FIRST_BIT_WORD];
  for (const pool of pools) starts.push(starts.at(-1)! + Math.ceil(pool.size / 32));
  const word = new Uint16Array(count);
  const bit = new Int32Array(count);
  for (let op = 0; op < count; op++) {
    if (role[op] === INSTANT) continue;
    word[op] = starts[Math.min(role[op]!, ABSORBABLE)]! + (slot[op]! >> 5);
    bit[op] = 1 << (slot[op]! & 31);
  }
  const [, observers, used, stride] = starts as [number, number, number, number];
  return { role, word, bit, observers, used, stride, events, additive: problem.additive === true };
}

function roleOf({ kind, effect, optional }: SearchProblem, op: number): number {
  if (optional[op] === 1) return OPTIONAL;
  const does = effect[kind[op]!]!;
  if (does === NONE) return OBSERVER;
  if (does === GIVEN || does === LATE) return INSTANT;
  return does === OVERWRITE ? ABSORBABLE : MANDATORY;
}

/** Invocations and completions merged by time; pending operations have no completion. */
function eventsOf({ count, call, ret }: SearchProblem): Int32Array {
  const returns: number[] = [];
  for (let op = 0; op < count; op++) if (ret[op] !== NEVER) returns.push(op);
  returns.sort((a, b) => ret[a]! - ret[b]!);
  const events = new Int32Array(count + returns.length);
  let next = 0;
  let at = 0;
  for (let op = 0; op < count; op++) {
    while (next < returns.length && ret[returns[next]!]! < call[op]!) events[at++] = ~returns[next++]!;
    events[at++] = op;
  }
  while (next < returns.length) events[at++] = ~returns[next++]!;
  return events;
}

/** Hands out the lowest free number. */
class SlotPool {
  size = 0;
  private readonly free: number[] = [];

  take(): number {
    return this.free.pop() ?? this.size++;
  }

  give(slot: number): void {
    this.free.push(slot);
  }
}
