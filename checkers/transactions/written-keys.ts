import { type Transactions, WRITE } from './micro-operations.ts';

/** Which keys each transaction wrote: a hash table with open addressing. */
export class WrittenKeys {
  private readonly txns: Transactions;
  /** A writing micro-operation's number plus one, the first of its transaction to its key; 0 is an empty slot. */
  private readonly slots: Int32Array;
  private readonly mask: number;
  /** How many different keys each transaction wrote. */
  readonly count: Int32Array;

  constructor(txns: Transactions) {
    this.txns = txns;
    this.count = new Int32Array(txns.size);
    let writes = 0;
    for (let o = 0; o < txns.opKind.length; o++) if (txns.opKind[o] === WRITE) writes++;
    let capacity = 16;
    while (capacity < writes * 2) capacity *= 2;
    this.slots = new Int32Array(capacity);
    this.mask = capacity - 1;
    for (let o = 0; o < txns.opKind.length; o++) {
      if (txns.opKind[o] !== WRITE) continue;
      const slot = this.slotOf(txns.opTxn[o]!, txns.opKey[o]!);
      if (this.slots[slot] !== 0) continue;
      this.slots[slot] = o + 1;
      this.count[txns.opTxn[o]!]!++;
    }
  }

  /** The first write of transaction `t` to `key`, or -1. */
  find(t: number, key: number): number {
    return this.slots[this.slotOf(t, key)]! - 1;
  }

  private slotOf(t: number, key: number): number {
    const { slots, mask } = this;
    const { opTxn, opKey } = this.txns;
    let hash = Math.imul(t, 0x9e3779b1) ^ Math.imul(key, 0x85ebca6b);
    hash ^= hash >>> 15;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const o = slots[slot]! - 1;
      if (o < 0 || (opTxn[o] === t && opKey[o] === key)) return slot;
    }
  }
}
