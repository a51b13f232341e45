import { Edges } from '../digraph.ts';
import type { CausalOrder } from './causal-order.ts';
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
  readonly conflicts: Conflicts;
}

/**
 * Bad patterns WriteCOInitRead and WriteCORead of Bouajjani et al. 2017 (section 5), and the conflicts. Of each
 * session's writes to a key only the last that a read knows matters: it comes after the others. Session by session,
 * so that what is known only grows; O(operations × sessions).
 */
export function compareReads(order: CausalOrder, writes: WritesByKey): CausalFindings {
  const { count, start, writer } = order.sessions;
  const comparison = new Comparison(order, writes);
  for (let p = 0; p < count; p++) {
    for (let read = start[p]!; read < start[p + 1]!; read++) {
      const write = writer[read]!;
      if (write === INITIAL) comparison.initialRead(read);
      else if (write !== read) comparison.read(p, read, write);
    }
  }
  return comparison;
}

class Comparison implements CausalFindings {
  readonly stale: StaleRead[] = [];
  readonly conflicts: { readonly edges: Edges; readonly read: number[] } = { edges: new Edges(), read: [] };
  private readonly order: CausalOrder;
  private readonly writes: WritesByKey;
  /** Of each slot, how many of its writes session `cursorOwner` knows, as an index into `writes.writes`. */
  private readonly cursor: Int32Array;
  private readonly cursorOwner: Int32Array;
  /** The last conflict that each slot gave: the next read of the same value often repeats it. */
  private readonly lastFrom: Int32Array;
  private readonly lastTo: Int32Array;

  constructor(order: CausalOrder, writes: WritesByKey) {
    const blank = (): Int32Array => new Int32Array(writes.slotCount).fill(-1);
    this.order = order;
    this.writes = writes;
    this.cursor = blank();
    this.cursorOwner = blank();
    this.lastFrom = blank();
    this.lastTo = blank();
  }

  initialRead(read: number): void {
    const { start, key } = this.order.sessions;
    const { slotStart, slotSession, keyStart, writes } = this.writes;
    const x = key[read]!;
    for (let slot = keyStart[x]!; slot < keyStart[x + 1]!; slot++) {
      const s = slotSession[slot]!;
      const newer = writes[slotStart[slot]!]!;
      if (this.order.known(read, s) <= newer - start[s]!) continue;
      this.stale.push({ read, write: INITIAL, newer });
      return;
    }
  }

  read(p: number, read: number, write: number): void {
    const { order, cursor, cursorOwner } = this;
    const { start, key } = order.sessions;
    const { slotStart, slotSession, keyStart, writes } = this.writes;
    const x = key[read]!;
    for (let slot = keyStart[x]!; slot < keyStart[x + 1]!; slot++) {
      const s = slotSession[slot]!;
      const known = order.known(read, s);
      const knownToWrite = order.known(write, s);
      if (known <= knownToWrite) continue;
      let c = cursorOwner[slot] === p ? cursor[slot]! : slotStart[slot]!;
      const bound = start[s]! + known;
      const end = slotStart[slot + 1]!;
      while (c < end && writes[c]! < bound) c++;
      cursor[slot] = c;
      cursorOwner[slot] = p;
      if (c === slotStart[slot]) continue;
      const last = writes[c - 1]!;
      if (last - start[s]! < knownToWrite) continue;
      if (order.covers(last, write)) this.stale.push({ read, write, newer: last });
      else this.conflict(slot, last, write, read);
    }
  }

  private conflict(slot: number, from: number, to: number, read: number): void {
    if (this.lastFrom[slot] === from && this.lastTo[slot] === to) return;
    this.lastFrom[slot] = from;
    this.lastTo[slot] = to;
    this.conflicts.read[this.conflicts.edges.add(from, to)] = read;
  }
}
