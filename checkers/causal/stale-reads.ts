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
  const { sessions } = order;
  const { count, start, key, writer } = sessions;
  const { slotCount, slotStart, slotSession, keyStart, slots } = writes;
  const stale: StaleRead[] = [];
  const edges = new Edges();
  const conflictReads: number[] = [];
  /** Of each slot, how many of its writes the session knows, as an index into `writes`; reset lazily. */
  const cursor = new Int32Array(slotCount);
  const cursorOwner = new Int32Array(slotCount).fill(-1);
  /** The last conflict that each slot gave: the next read of the same value often repeats it. */
  const lastFrom = new Int32Array(slotCount).fill(-1);
  const lastTo = new Int32Array(slotCount).fill(-1);
  for (let p = 0; p < count; p++) {
    for (let read = start[p]!; read < start[p + 1]!; read++) {
      const write = writer[read]!;
      if (write === read) continue;
      const x = key[read]!;
      for (let i = keyStart[x]!; i < keyStart[x + 1]!; i++) {
        const slot = slots[i]!;
        const s = slotSession[slot]!;
        const bound = start[s]! + order.known(read, s);
        let c = cursorOwner[slot] === p ? cursor[slot]! : slotStart[slot]!;
        const end = slotStart[slot + 1]!;
        while (c < end && writes.writes[c]! < bound) c++;
        cursor[slot] = c;
        cursorOwner[slot] = p;
        if (c === slotStart[slot]) continue;
        const last = writes.writes[c - 1]!;
        if (write === INITIAL) {
          stale.push({ read, write, newer: last });
          break;
        }
        if (last === write || order.covers(write, last)) continue;
        if (order.covers(last, write)) {
          stale.push({ read, write, newer: last });
        } else if (lastFrom[slot] !== last || lastTo[slot] !== write) {
          lastFrom[slot] = last;
          lastTo[slot] = write;
          conflictReads[edges.add(last, write)] = read;
        }
      }
    }
  }
  return { stale, conflicts: { edges, read: conflictReads } };
}
