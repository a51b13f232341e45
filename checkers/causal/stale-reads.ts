import { Edges } from '../digraph.ts';
import type { CausalOrder } from './causal-order.ts';
import type { RecentWrites, Sight } from './recent-writes.ts';
import { INITIAL } from './sessions.ts';
import type { WritesByKey } from './writes-by-key.ts';

/** A read of a value that its causal past had replaced. */
export interface StaleRead {
  readonly read: number;
  /** The write whose value it returned, or `INITIAL`. */
  readonly write: number;
  /** A write to the same key that happened before the read and, unless that is INITIAL, after `write`. */
  readonly newer: number;
}

/**
 * Write `from` happened before `read`, which returned the value of another write `to` to the same key; causality does
 * not order the two. Whoever agrees on one order of all writes must put `from` first (the conflict relation CF of
 * Bouajjani et al. 2017, section 4.2).
 */
export interface Conflicts {
  /** Numbered by `read`. */
  readonly edges: Edges;
  readonly read: readonly number[];
}

export interface CausalFindings {
  readonly stale: readonly StaleRead[];
  /** Only if they were wanted. */
  readonly conflicts: Conflicts | undefined;
}

/**
 * Bad patterns WriteCOInitRead and WriteCORead of Bouajjani et al. 2017 (section 5), and the conflicts. Of each
 * session's writes to a key only the last that a read knows matters: it comes after the others. Session by session,
 * so that what is known only grows; O(operations × sessions).
 */
export function compareReads(
  order: CausalOrder,
  writes: WritesByKey,
  recent: RecentWrites,
  wantConflicts: boolean,
): CausalFindings {
  const { count, start, writer } = order.sessions;
  const comparison = new Comparison(order, writes, recent, wantConflicts);
  for (let p = 0; p < count; p++) {
    comparison.enter();
    for (let read = start[p]!; read < start[p + 1]!; read++) {
      const write = writer[read]!;
      if (write === INITIAL) comparison.initialRead(read);
      else if (write !== read) comparison.read(read, write);
    }
  }
  return comparison;
}

/** Beyond every place in a session. */
const NEVER = 0x7fffffff;

class Comparison implements CausalFindings {
  readonly stale: StaleRead[] = [];
  readonly conflicts: { readonly edges: Edges; readonly read: number[] } | undefined;
  private readonly order: CausalOrder;
  private readonly writes: WritesByKey;
  private readonly recent: RecentWrites;
  /** The writes known to the read at hand and not to the write that it returned. */
  private readonly found: number[] = [];
  private readonly sight: Sight;
  /** The clocks of the read and of the write at hand. */
  private readonly mine: Int32Array;
  private readonly theirs: Int32Array;
  /** Of each slot, as an index into `writes.writes`, the first write that the session does not know, */
  private readonly cursor: Int32Array;
  /** its position, and that of the one before; -1 for none. */
  private readonly unknown: Int32Array;
  private readonly last: Int32Array;
  private readonly firstPositions: Int32Array;
  /** The last conflict that each slot gave: the next read of the same value often repeats it. */
  private readonly lastFrom: Int32Array;
  private readonly lastTo: Int32Array;

  constructor(order: CausalOrder, writes: WritesByKey, recent: RecentWrites, wantConflicts: boolean) {
    const blank = (): Int32Array => new Int32Array(writes.slotCount).fill(-1);
    this.order = order;
    this.writes = writes;
    this.recent = recent;
    this.conflicts = wantConflicts ? { edges: new Edges(), read: [] } : undefined;
    this.sight = { clock: order.rows, offset: 0, own: -1 };
    this.mine = new Int32Array(order.width);
    this.theirs = new Int32Array(order.width);
    this.cursor = blank();
    this.unknown = blank();
    this.last = blank();
    this.firstPositions = writes.slotStart.subarray(0, writes.slotCount).map((c) => writes.positions[c]!);
    this.lastFrom = blank();
    this.lastTo = blank();
  }

  /** Begins with another session, which knows nothing yet. */
  enter(): void {
    this.cursor.set(this.writes.slotStart.subarray(0, this.writes.slotCount));
    this.unknown.set(this.firstPositions);
    this.last.fill(-1);
  }

  initialRead(read: number): void {
    const { key } = this.order.sessions;
    const { slotStart, slotSession, keyStart, writes } = this.writes;
    const x = key[read]!;
    for (let slot = keyStart[x]!; slot < keyStart[x + 1]!; slot++) {
      if (this.order.known(read, slotSession[slot]!) <= this.firstPositions[slot]!) continue;
      this.stale.push({ read, write: INITIAL, newer: writes[slotStart[slot]!]! });
      return;
    }
  }

  read(read: number, write: number): void {
    const { order, recent, found, sight } = this;
    const { key, session } = order.sessions;
    // What replaced the write comes later in any causal order; what merely conflicts with it may not.
    const begin = this.conflicts === undefined ? recent.indexOf[write]! + 1 : recent.bound[write]!;
    const end = recent.bound[read]!;
    found.length = 0;
    if (recent.areFew(key[read]!, begin, end)) {
      sight.offset = order.rowAt[read]!;
      sight.own = session[read]!;
      recent.unknownTo(write, begin, end, sight, found);
    } else this.bySession(read, write);
    for (const newer of found) {
      if (order.covers(newer, write)) this.stale.push({ read, write, newer });
      else this.conflict(this.writes.slotOf[newer]!, newer, write, read);
    }
  }

  /** Finds of each session the last write to the key that `read` knows and `write` does not. */
  private bySession(read: number, write: number): void {
    const { order, mine, theirs, unknown, last } = this;
    const { start, key } = order.sessions;
    const { slotSession, keyStart } = this.writes;
    const x = key[read]!;
    order.copy(read, mine, 0);
    order.copy(write, theirs, 0);
    for (let slot = keyStart[x]!; slot < keyStart[x + 1]!; slot++) {
      const s = slotSession[slot]!;
      if (unknown[slot]! < mine[s]!) this.learn(slot, mine[s]!);
      if (last[slot]! >= theirs[s]!) this.found.push(start[s]! + last[slot]!);
    }
  }

  /** The session comes to know the first `known` operations of the session of a slot. */
  private learn(slot: number, known: number): void {
    const { positions, slotStart } = this.writes;
    const end = slotStart[slot + 1]!;
    let c = this.cursor[slot]!;
    while (c < end && positions[c]! < known) c++;
    this.cursor[slot] = c;
    this.last[slot] = positions[c - 1]!;
    this.unknown[slot] = c < end ? positions[c]! : NEVER;
  }

  private conflict(slot: number, from: number, to: number, read: number): void {
    if (this.conflicts === undefined) return;
    if (this.lastFrom[slot] === from && this.lastTo[slot] === to) return;
    this.lastFrom[slot] = from;
    this.lastTo[slot] = to;
    this.conflicts.read[this.conflicts.edges.add(from, to)] = read;
  }
}
