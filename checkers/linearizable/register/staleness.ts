import type { History } from '../../../histories/history.ts';
import type { Key, Nanos } from '../../../histories/op.ts';
import { int32Column, uint8Column } from '../columns.ts';
import { NEVER } from '../intervals.ts';
import { Search } from '../search/search.ts';
import { ChainChecker } from './check.ts';
import { CAS, INITIAL, READ, type RegisterOperations, WRITE } from './encode.ts';
import { registerProblem } from './search.ts';

/**
 * How stale a register that is not linearizable was (Golab, Li and Shah 2011, "Analyzing consistency
 * properties for fun and profit").
 */
export interface Staleness {
  readonly key: Key | undefined;
  /**
   * The least time such that the register is linearizable if reads may return what was there up to that long
   * before they began; undefined when no time is enough, or it would take too long to find out.
   */
  readonly delta: Nanos | undefined;
  /** Reads returned values at least this many writes old: 1 is the latest. A lower bound. */
  readonly k: number;
}

/** Finding out takes some forty checks of the register; not for more operations than this. */
const MAX_OPERATIONS = 20_000;
const SEARCH_BUDGET = { steps: 200_000, bytes: 1 << 26 };

export function stalenessOf(history: History, ops: RegisterOperations, valueCount: number): Staleness {
  return { key: ops.key, delta: leastDelta(history, ops, valueCount), k: leastK(ops) };
}

/**
 * Smallest shift of the reads' invocations into the past that makes the register linearizable, to the
 * nanosecond.
 */
function leastDelta({ time }: History, ops: RegisterOperations, valueCount: number): Nanos | undefined {
  if (ops.kind.length > MAX_OPERATIONS) return undefined;
  const checker = new ChainChecker(valueCount, ops.kind.length);
  const enough = (delta: Nanos): boolean | undefined => {
    const shifted = shiftReads(ops, time, delta);
    const verdict = checker.decide(shifted);
    if (verdict !== 'ambiguous') return verdict === 'valid';
    const { verdict: found } = new Search(registerProblem(shifted), SEARCH_BUDGET).run();
    return found === 'linearizable' ? true : found === 'not-linearizable' ? false : undefined;
  };
  let least = 0;
  let most = time[time.length - 1]! - time[0]! + 1;
  if (enough(most) !== true) return undefined;
  while (most - least > 1) {
    const middle = Math.floor((least + most) / 2);
    const verdict = enough(middle);
    if (verdict === undefined) return undefined;
    if (verdict) most = middle;
    else least = middle;
  }
  return most;
}

/** The same operations with reads that began `delta` earlier; times are numbered anew. */
function shiftReads(ops: RegisterOperations, time: Float64Array, delta: Nanos): RegisterOperations {
  const count = ops.kind.length;
  const moments: { at: Nanos; event: number; op: number }[] = [];
  for (let op = 0; op < count; op++) {
    const event = ops.call[op]!;
    moments.push({ at: time[event]! - (ops.kind[op] === READ ? delta : 0), event, op });
    if (ops.ret[op] !== NEVER) moments.push({ at: time[ops.ret[op]!]!, event: ops.ret[op]!, op: ~op });
  }
  moments.sort((a, b) => a.at - b.at || a.event - b.event);
  const order: number[] = [];
  const calls = new Int32Array(count);
  const rets = new Int32Array(count).fill(NEVER);
  moments.forEach(({ op }, rank) => {
    if (op < 0) rets[~op] = rank;
    else {
      calls[op] = rank;
      order.push(op);
    }
  });
  return {
    key: ops.key,
    kind: uint8Column(order, (op) => ops.kind[op]!),
    value: int32Column(order, (op) => ops.value[op]!),
    next: int32Column(order, (op) => ops.next[op]!),
    call: int32Column(order, (op) => calls[op]!),
    ret: int32Column(order, (op) => rets[op]!),
  };
}

/** One more than the most writes that surely came after the write of a value and before a read of it. */
function leastK({ kind, value, next, call, ret }: RegisterOperations): number {
  const writes: number[] = [];
  const latestEnd = new Map<number, number>();
  for (let op = 0; op < kind.length; op++) {
    if (kind[op] !== WRITE && kind[op] !== CAS) continue;
    if (ret[op] !== NEVER) writes.push(op);
    const installed = kind[op] === CAS ? next[op]! : value[op]!;
    latestEnd.set(installed, Math.max(latestEnd.get(installed) ?? -1, ret[op]!));
  }
  const reads: number[] = [];
  for (let op = 0; op < kind.length; op++) if (kind[op] === READ) reads.push(op);
  const byCall = new Counter(int32Column(writes, (op) => call[op]!));
  writes.sort((a, b) => ret[a]! - ret[b]!);
  let done = 0;
  let most = 0;
  for (const read of reads) {
    for (; done < writes.length && ret[writes[done]!]! < call[read]!; done++)
      byCall.add(call[writes[done]!]!);
    const written = value[read] === INITIAL ? (latestEnd.get(INITIAL) ?? -1) : latestEnd.get(value[read]!);
    if (written !== undefined) most = Math.max(most, byCall.above(written));
  }
  return most + 1;
}

/** Counts numbers above a bound among those added so far (Fenwick 1994). */
class Counter {
  private readonly sorted: Int32Array;
  private readonly tree: Int32Array;
  private total = 0;

  /** `possible`: the numbers that may be added, in order. */
  constructor(possible: Int32Array) {
    this.sorted = possible;
    this.tree = new Int32Array(possible.length + 1);
  }

  add(x: number): void {
    this.total++;
    for (let i = this.rank(x) + 1; i < this.tree.length; i += i & -i) this.tree[i]!++;
  }

  above(bound: number): number {
    let below = 0;
    for (let i = this.rank(bound + 1); i > 0; i -= i & -i) below += this.tree[i]!;
    return this.total - below;
  }

  /** How many possible numbers are less than `x`. */
  private rank(x: number): number {
    let low = 0;
    let high = this.sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.sorted[middle]! < x) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
