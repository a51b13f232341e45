import { formatValue } from '../describe.ts';
import { MalformedOp } from '../malformed.ts';
import { eventOf, type Transactions, WRITE } from './micro-operations.ts';

/** Finds the write of a value: a hash table of micro-operations with open addressing. */
export class WriteIndex {
  private readonly txns: Transactions;
  /** A micro-operation's number plus one; 0 is an empty slot. */
  private readonly slots: Int32Array;
  private readonly mask: number;

  /** Throws a `MalformedOp` when one value was written twice to one key: nobody could tell the two apart. */
  constructor(txns: Transactions) {
    this.txns = txns;
    const { opKind, opKey, opValue } = txns;
    let writes = 0;
    for (let o = 0; o < opKind.length; o++) if (opKind[o] === WRITE) writes++;
    let capacity = 16;
    while (capacity < writes * 2) capacity *= 2;
    this.slots = new Int32Array(capacity);
    this.mask = capacity - 1;
    for (let o = 0; o < opKind.length; o++) {
      if (opKind[o] !== WRITE) continue;
      const slot = this.slotOf(opKey[o]!, opValue[o]!);
      if (this.slots[slot] !== 0) throw this.writtenTwice(this.slots[slot]! - 1, o);
      this.slots[slot] = o + 1;
    }
  }

  /** The micro-operation that wrote `value` to `key`, or -1. */
  find(key: number, value: number): number {
    return this.slots[this.slotOf(key, value)]! - 1;
  }

  private slotOf(key: number, value: number): number {
    const { slots, mask } = this;
    const { opKey, opValue } = this.txns;
    let hash = Math.imul(key, 0x9e3779b1) ^ Math.imul(value, 0x85ebca6b);
    hash ^= hash >>> 15;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const o = slots[slot]! - 1;
      if (o < 0 || (opKey[o] === key && opValue[o] === value)) return slot;
    }
  }

  private writtenTwice(a: number, b: number): MalformedOp {
    const { txns } = this;
    const value = formatValue(txns.values.value(txns.opValue[b]!));
    const key = formatValue(txns.keyNames[txns.opKey[b]!]);
    const events = [a, b].map((o) => eventOf(txns, txns.opTxn[o]!));
    return new MalformedOp(
      `events ${events[0]} and ${events[1]}: both write ${value} to key ${key}; ` +
        'this checker needs values that are written to a key once only, even after a failure',
    );
  }
}
