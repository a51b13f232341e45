import { Settled } from '../settled.ts';
import type { Chains } from './chains.ts';
import type { Clocks } from './clocks.ts';
import type { KeyAccesses } from './key-accesses.ts';
import { READ, type Transactions, WRITE } from './micro-operations.ts';

/**
 * The writers of each key in one causal order of all transactions, and from which of them on anything can be unknown to a
 * later transaction: a few only, as long as every session that goes on hears of what the others write.
 */
export class RecentWriters {
  /** By place, as many for each key as in `KeyAccesses`: of each its number there, its chain and its place in that. */
  readonly writers: Int32Array;
  readonly chains: Int32Array;
  readonly places: Int32Array;
  /** By number in `KeyAccesses`, the index here of the first writer of the key that it may not know. */
  readonly begin: Int32Array;
  /** By read, the end of the writers of its key that stand before its transaction. */
  readonly end: Int32Array;

  /** `order` must keep the causality that the clocks tell, of all chains. */
  constructor(
    txns: Transactions,
    { first, members, chain, place }: Chains,
    accesses: KeyAccesses,
    clocks: Clocks,
    order: Int32Array,
  ) {
    const { firstOp, opKind, opKey, keyNames } = txns;
    const size = accesses.writers.length;
    this.writers = new Int32Array(size);
    this.chains = new Int32Array(size);
    this.places = new Int32Array(size);
    this.begin = new Int32Array(size);
    this.end = new Int32Array(opKind.length);
    const orderOf = new Int32Array(txns.size);
    for (let i = 0; i < order.length; i++) orderOf[order[i]!] = i;
    const settled = new Settled(
      { count: clocks.width, start: first },
      {
        known: (m, c) =>
          chain[members[m]!] === c ? m - first[c]! + 1 : clocks.times[members[m]! * clocks.width + c]!,
        writes: (m) => opKind.subarray(firstOp[members[m]!], firstOp[members[m]! + 1]).includes(WRITE),
        placeOf: (m) => orderOf[members[m]!]!,
      },
    );
    const end = accesses.firstWriter.slice(0, keyNames.length);
    const since = end.slice();
    for (let i = 0; i < order.length; i++) {
      const t = order[i]!;
      if (place[t] === 0) continue;
      const before = settled.pass(i, first[chain[t]!]! + place[t]! - 1, chain[t]!);
      for (let o = firstOp[t]!; o < firstOp[t + 1]!; o++) {
        const key = opKey[o]!;
        if (opKind[o] === READ) {
          this.end[o] = end[key]!;
          continue;
        }
        const writer = accesses.writerOf[o]!;
        const at = end[key]!;
        if (at > accesses.firstWriter[key]! && this.writers[at - 1] === writer) continue;
        while (since[key]! < at && orderOf[accesses.writers[this.writers[since[key]!]!]!]! < before)
          since[key]!++;
        this.begin[writer] = since[key]!;
        this.writers[at] = writer;
        this.chains[at] = chain[t]!;
        this.places[at] = place[t]!;
        end[key]!++;
      }
    }
  }
}
