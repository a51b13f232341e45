import { READ, type Transactions } from './micro-operations.ts';
import { INITIAL, NONE, type ReadsFrom } from './reads-from.ts';

/** Who read each version, and who of them is still to be served. */
export class VersionReaders {
  private readonly txns: Transactions;
  private readonly source: Int32Array;
  /** Reads of version `v` are `first[v] <= i < first[v + 1]`; the initial version of key `k` is number `ops + k`. */
  private readonly first: Int32Array;
  private readonly reads: Int32Array;
  private readonly left: Int32Array;
  /** All reads of a version from here on are served. */
  private readonly end: Int32Array;
  private readonly place: Int32Array;
  private readonly served: Uint8Array;

  constructor(txns: Transactions, { source }: ReadsFrom) {
    this.txns = txns;
    this.source = source;
    const ops = txns.opKind.length;
    this.first = new Int32Array(ops + txns.keyNames.length + 1);
    this.left = new Int32Array(ops + txns.keyNames.length);
    this.served = new Uint8Array(ops);
    for (let o = 0; o < ops; o++) if (this.counts(o)) this.left[this.number(source[o]!, txns.opKey[o]!)]!++;
    for (let v = 0; v < this.left.length; v++) this.first[v + 1] = this.first[v]! + this.left[v]!;
    this.reads = new Int32Array(this.first[this.left.length]!);
    this.end = this.first.slice(0, this.left.length);
    this.place = new Int32Array(ops);
    for (let o = 0; o < ops; o++) {
      if (!this.counts(o)) continue;
      this.place[o] = this.end[this.number(source[o]!, txns.opKey[o]!)]!++;
      this.reads[this.place[o]!] = o;
    }
  }

  /** A transaction other than `t` that has yet to read a version, the last of those; -1 when there is none. */
  waiting(version: number, key: number, t: number): number {
    const v = this.number(version, key);
    if (this.left[v] === 0) return -1;
    while (this.served[this.reads[this.end[v]! - 1]!] === 1) this.end[v]!--;
    for (let i = this.end[v]! - 1; i >= this.first[v]!; i--) {
      const o = this.reads[i]!;
      if (this.served[o] === 0 && this.txns.opTxn[o] !== t) return this.txns.opTxn[o]!;
    }
    return -1;
  }

  /** Whether somebody has yet to read a version whom `served` does not know of. */
  someWaiting(version: number, key: number, served: (t: number) => boolean): boolean {
    const v = this.number(version, key);
    if (this.left[v] === 0) return false;
    for (let i = this.first[v + 1]! - 1; i >= this.first[v]!; i--) {
      const o = this.reads[i]!;
      if (this.served[o] === 0 && !served(this.txns.opTxn[o]!)) return true;
    }
    return false;
  }

  serve(o: number): void {
    if (!this.counts(o) || this.served[o] === 1) return;
    this.served[o] = 1;
    this.left[this.number(this.source[o]!, this.txns.opKey[o]!)]!--;
  }

  unserve(o: number): void {
    if (!this.counts(o) || this.served[o] === 0) return;
    this.served[o] = 0;
    const v = this.number(this.source[o]!, this.txns.opKey[o]!);
    this.left[v]!++;
    if (this.end[v]! <= this.place[o]!) this.end[v] = this.place[o]! + 1;
  }

  private counts(o: number): boolean {
    return this.txns.opKind[o] === READ && this.source[o] !== NONE;
  }

  private number(version: number, key: number): number {
    return version === INITIAL ? this.txns.opKind.length + key : version;
  }
}
