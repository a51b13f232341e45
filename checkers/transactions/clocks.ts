import type { Chains } from './chains.ts';
import { READ, type Transactions } from './micro-operations.ts';
import { type ReadsFrom, sourceTxn } from './reads-from.ts';

/**
 * Vector clocks over a block of chains: how much of each chain happened before each transaction, by session order and
 * reads-from (Mattern 1989).
 */
export class Clocks {
  /** `times[t * width + c - from]`: transactions of chain `c` that happened before `t`. */
  readonly times: Int32Array | Uint16Array;
  readonly from: number;
  readonly width: number;

  /** `order` must be a topological order of session order and reads-from. */
  constructor(
    txns: Transactions,
    readsFrom: ReadsFrom,
    chains: Chains,
    order: Int32Array,
    from: number,
    to: number,
  ) {
    this.from = from;
    this.width = to - from;
    // To compare clocks is mostly to wait for memory, so they are as small as they can be.
    const Times = longest(chains) < 0x1_0000 ? Uint16Array : Int32Array;
    this.times = new Times(txns.size * this.width);
    const { opKind, firstOp } = txns;
    const { chain, place, first, members } = chains;
    for (let i = 0; i < order.length; i++) {
      const t = order[i]!;
      if (place[t]! > 1) this.join(t, members[first[chain[t]!]! + place[t]! - 2]!, chains);
      for (let o = firstOp[t]!; o < firstOp[t + 1]!; o++) {
        if (opKind[o] !== READ) continue;
        const source = sourceTxn(txns, readsFrom, o);
        if (source >= 0) this.join(t, source, chains);
      }
    }
  }

  /** Puts `before` and all that happened before it before `t`. */
  private join(t: number, before: number, { chain, place }: Chains): void {
    const { times, from, width } = this;
    const slot = chain[before]! - from;
    const base = t * width;
    const other = before * width;
    if (slot >= 0 && slot < width) {
      // If `before` is known already, so is everything before it.
      if (times[base + slot]! >= place[before]!) return;
      times[base + slot] = place[before]!;
    }
    for (let j = 0; j < width; j++) {
      if (times[other + j]! > times[base + j]!) times[base + j] = times[other + j]!;
    }
  }
}

function longest({ count, first }: Chains): number {
  let most = 0;
  for (let c = 0; c < count; c++) most = Math.max(most, first[c + 1]! - first[c]!);
  return most;
}
