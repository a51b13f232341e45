import type { Budget } from '../checker.ts';
import { cyclicComponents, Edges, shortCycle } from '../digraph.ts';
import { groupBy } from '../operations.ts';
import type { RecentWrites, Sight } from './recent-writes.ts';
import { INITIAL, type Sessions } from './sessions.ts';
import { type Constraint, type Order, ViewConstraints } from './view-constraints.ts';
import { type Applied, covers, stepOf, type ViewStep, whyApplied } from './view-proof.ts';
import type { WritesByKey } from './writes-by-key.ts';

/** Why a session can have no view. */
export type ViewViolation =
  /** It read a value that it wrote only later. */
  | { readonly kind: 'future'; readonly read: number; readonly write: number }
  /** A write to its key had to be applied before a read of the initial value. */
  | { readonly kind: 'initial'; readonly read: number; readonly write: number; readonly applied: Applied }
  /** Each step's `to` is, or comes before, the next one's `from`. */
  | { readonly kind: 'cycle'; readonly steps: readonly ViewStep[] };

/** `from` is one of the `earlier` of the constraint. */
interface Ordering {
  readonly constraint: Constraint;
  readonly from: number;
}

/** More work than the budget allows. */
export class ViewTooCostly extends Error {}

/**
 * Whether session `p` can have a *view*: one sequence of its own reads and everybody's writes that keeps `Order` and in
 * which each read returns the last write before it to its key. Decides causal memory (Ahamad et al. 1995) when the order
 * is causality, by bad patterns WriteHBInitRead and CyclicHB of Bouajjani et al. 2017; and PRAM (Lipton and Sandberg
 * 1988) when it is that of the sessions alone.
 *
 * The patterns are the least relation that is closed under: when write `a` precedes a read of the value of `b` on the
 * same key, `a` precedes `b`. What precedes the i-th read is a clock V(i), growing with i. A constraint found at read j
 * changes V(i) only for i < j, so one pass from the last read to the first computes all of them; a cycle lies between two
 * reads, and goes through constraints whose writes enter V at the same read.
 */
export class Views {
  private readonly order: Order;
  private readonly sessions: Sessions;
  private readonly writes: WritesByKey;
  private readonly recent: RecentWrites | undefined;
  /** Steps that may still be spent on top of the linear ones. */
  private steps: number;
  private readonly maxEntries: number;
  private buffer = new Int32Array(0);
  /** Of each slot, the end of its writes in V(i), as an index into `writes`, and the position of the last; -1 for none. */
  private readonly cursor: Int32Array;
  private readonly last: Int32Array;
  private readonly lastPositions: Int32Array;
  /** V(i), and the writes in it that the write at hand does not know. */
  private readonly sight: Sight = { clock: new Int32Array(0), offset: 0, own: -1 };
  private readonly found: number[] = [];
  /** The clock of the write at hand. */
  private readonly theirs: Int32Array;
  /** Of each key, the value's write that the session reads next. */
  private readonly nextWrite: Int32Array;
  private readonly nextOwner: Int32Array;

  /** `recent` is of the same order, where that is causality. */
  constructor(order: Order, writes: WritesByKey, budget: Budget, recent?: RecentWrites) {
    this.order = order;
    this.sessions = order.sessions;
    this.writes = writes;
    this.recent = recent;
    this.steps = budget.steps;
    this.maxEntries = budget.bytes / 4;
    this.cursor = new Int32Array(writes.slotCount);
    this.last = new Int32Array(writes.slotCount);
    this.lastPositions = writes.slotStart.subarray(1).map((end) => writes.positions[end - 1]!);
    this.theirs = new Int32Array(order.sessions.count);
    this.nextWrite = new Int32Array(order.sessions.keys);
    this.nextOwner = new Int32Array(order.sessions.keys).fill(-1);
  }

  /** Room for the clocks of this many reads; the same each time. */
  room(reads: number): Int32Array {
    const entries = reads * this.sessions.count;
    if (entries > this.maxEntries) throw new ViewTooCostly();
    if (this.buffer.length < entries) this.buffer = new Int32Array(entries);
    return this.buffer;
  }

  /**
   * The violation of session `p`, if any. `reads` are its reads in order; `known` holds V of each, to begin with what
   * the order says; overwritten.
   */
  check(p: number, reads: Int32Array, known: Int32Array): ViewViolation | undefined {
    const { count } = this.sessions;
    const pending = new ViewConstraints(
      this.order,
      known,
      (steps) => this.spend(steps),
      this.recent?.placeOf,
    );
    const constraints: Constraint[] = [];
    this.cursor.set(this.writes.slotStart.subarray(1));
    this.last.set(this.lastPositions);
    for (let i = reads.length - 1; i >= 0; i--) {
      const raisedTo = pending.close(i);
      const read = reads[i]!;
      if (!this.endsRun(p, read)) continue;
      const found = this.constraintAt(read, i, raisedTo, known, i * count);
      if (found === undefined) continue;
      if (typeof found === 'number') {
        const applied = whyApplied(this.order, constraints, reads, found, read);
        return { kind: 'initial', read, write: found, applied };
      }
      pending.add(found);
      constraints.push(found);
    }
    const byLevel = groupBy(constraints, ({ write, at }) => pending.firstWith(write, at));
    for (const same of byLevel.values()) {
      const cycle = this.cycleAtLevel(same);
      if (cycle === undefined) continue;
      const steps = cycle.map(({ constraint, from }) =>
        stepOf(this.order, constraints, reads, constraint, from),
      );
      return { kind: 'cycle', steps };
    }
    return undefined;
  }

  /** Whether the session's next read of the same key returns another value, or there is none; called from last to first. */
  private endsRun(p: number, read: number): boolean {
    const { key, writer } = this.sessions;
    const x = key[read]!;
    const ends = this.nextOwner[x] !== p || this.nextWrite[x] !== writer[read];
    this.nextOwner[x] = p;
    this.nextWrite[x] = writer[read]!;
    return ends;
  }

  /**
   * What the read at `at` demands; of a read of the initial value, a write that had to be applied before it. Where
   * constraints raised V(i), they raised it to what has its place in the causal order up to `raisedTo`.
   */
  private constraintAt(
    read: number,
    at: number,
    raisedTo: number,
    known: Int32Array,
    row: number,
  ): Constraint | number | undefined {
    const { recent } = this;
    const write = this.sessions.writer[read]!;
    if (recent === undefined || write === INITIAL) return this.bySession(read, at, known, row);
    const x = this.sessions.key[read]!;
    const end = raisedTo < recent.placeOf[read]! ? recent.bound[read]! : recent.endAt(x, raisedTo);
    const begin = recent.bound[write]!;
    if (!recent.areFew(x, begin, end)) return this.bySession(read, at, known, row);
    const { found, sight } = this;
    found.length = 0;
    sight.clock = known;
    sight.offset = row;
    recent.unknownTo(write, begin, end, sight, found);
    return found.length === 0 ? undefined : { write, read, at, earlier: found.slice() };
  }

  /** The same, by asking of each session what V(i) holds of its writes to the key. */
  private bySession(
    read: number,
    at: number,
    known: Int32Array,
    row: number,
  ): Constraint | number | undefined {
    const { order, theirs, last } = this;
    const { start, key, writer } = this.sessions;
    const { slotStart, slotSession, keyStart, writes } = this.writes;
    const write = writer[read]!;
    const x = key[read]!;
    if (write === INITIAL) theirs.fill(0);
    else order.copy(write, theirs, 0);
    let earlier: number[] | undefined;
    for (let slot = keyStart[x]!; slot < keyStart[x + 1]!; slot++) {
      const s = slotSession[slot]!;
      if (last[slot]! >= known[row + s]!) this.goBack(slot, known[row + s]!);
      if (last[slot]! < theirs[s]!) continue;
      if (write === INITIAL) return writes[slotStart[slot]!]!;
      (earlier ??= []).push(start[s]! + last[slot]!);
    }
    return earlier && { write, read, at, earlier };
  }

  /** V(i) now holds only the first `applied` operations of the session of a slot. */
  private goBack(slot: number, applied: number): void {
    const { positions, slotStart } = this.writes;
    const begin = slotStart[slot]!;
    let c = this.cursor[slot]!;
    while (c > begin && positions[c - 1]! >= applied) c--;
    this.cursor[slot] = c;
    this.last[slot] = c > begin ? positions[c - 1]! : -1;
  }

  /** A cycle among constraints whose writes enter V at the same read, each with what it puts before its write. */
  private cycleAtLevel(constraints: readonly Constraint[]): Ordering[] | undefined {
    const [only] = constraints;
    if (constraints.length === 1 && only !== undefined) {
      const from = only.earlier.find((op) => covers(this.order, op, only.write));
      return from === undefined ? undefined : [{ constraint: only, from }];
    }
    const edges = new Edges();
    const orderings: Ordering[] = [];
    constraints.forEach((target, t) => {
      constraints.forEach((source, s) => {
        this.spend(target.earlier.length);
        const from = target.earlier.find((op) => covers(this.order, op, source.write));
        if (from !== undefined) orderings[edges.add(s, t)] = { constraint: target, from };
      });
    });
    const graph = edges.graph(constraints.length);
    const [component] = cyclicComponents(graph);
    if (component === undefined) return undefined;
    return shortCycle(graph, component, () => false).map((edge) => orderings[graph.label[edge]!]!);
  }

  private spend(steps: number): void {
    this.steps -= steps;
    if (this.steps < 0) throw new ViewTooCostly();
  }
}
