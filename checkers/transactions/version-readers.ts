import { READ, type Transactions } from './micro-operations.ts';
import { INITIAL, NONE, type ReadsFrom } from './reads-from.ts';

/** Who read each version, in the order of the history. */
export class VersionReads {
  readonly txns: Transactions;
  readonly source: Int32Array;
  /** Reads of version `v` are `first[v] <= i < first[v + 1]`; the initial version of key `k` is number `ops + k`. */
  readonly first: Int32Array;
  readonly reads: Int32Array;
  /** Where each read stands in `reads`. */
  readonly place: Int32Array;

  constructor(txns: Transactions, { source }: ReadsFrom) {
    this.txns = txns;
    this.source = source;
    const ops = txns.opKind.length;
    this.first = new Int32Array(ops + txns.keyNames.length + 1);
    for (let o = 0; o < ops; o++) if (this.counts(o)) this.first[this.version(o) + 1]!++;
    for (let v = 1; v < this.first.length; v++) this.first[v]! += this.first[v - 1]!;
    this.reads = new Int32Array(this.first[this.first.length - 1]!);
    this.place = new Int32Array(ops);
    const end = this.first.slice(0, -1);
    for (let o = 0; o < ops; o++) {
      if (!this.counts(o)) continue;
      this.place[o] = end[this.version(o)]!++;
      this.reads[this.place[o]!] = o;
    }
  }

  /** Whether micro-operation `o` is a read of which it is known what it returned. */
  counts(o: number): boolean {
    return this.txns.opKind[o] === READ && this.source[o] !== NONE;
  }

  /** The version that read `o` returned. */
  version(o: number): number {
    return this.number(this.source[o]!, this.txns.opKey[o]!);
  }

  number(write: number, key: number): number {
    return write === INITIAL ? this.txns.opKind.length + key : write;
  }
}

/** Of those who read each version, who is still to be served: at first all. */
export class VersionReaders {
  private readonly all: VersionReads;
  private readonly left: Int32Array;
  /** All reads of a version from here on are served. */
  private readonly end: Int32Array;
  private readonly served: Uint8Array;

  constructor(all: VersionReads) {
    this.all = all;
    const { first, place } = all;
    this.end = first.slice(1);
    this.left = new Int32Array(this.end.length);
    for (let v = 0; v < this.left.length; v++) this.left[v] = first[v + 1]! - first[v]!;
    this.served = new Uint8Array(place.length);
  }

  /** A transaction other than `t` that has yet to read a version, the last of those; -1 when there is none. */
  waiting(version: number, key: number, t: number): number {
    const { first, reads, txns } = this.all;
    const v = this.all.number(version, key);
    if (this.left[v] === 0) return -1;
    while (this.served[reads[this.end[v]! - 1]!] === 1) this.end[v]!--;
    for (let i = this.end[v]! - 1; i >= first[v]!; i--) {
      const o = reads[i]!;
      if (this.served[o] === 0 && txns.opTxn[o] !== t) return txns.opTxn[o]!;
    }
    return -1;
  }

  /** Whether somebody has yet to read a version whom `served` does not know of. */
  someWaiting(version: number, key: number, served: (t: number) => boolean): boolean {
    const { first, reads, txns } = this.all;
    const v = this.all.number(version, key);
    if (this.left[v] === 0) return false;
    for (let i = first[v + 1]! - 1; i >= first[v]!; i--) {
      const o = reads[i]!;
      if (this.served[o] === 0 && !served(txns.opTxn[o]!)) return true;
    }
    return false;
  }

  serve(o: number): void {
    if (!this.all.counts(o) || this.served[o] === 1) return;
    this.served[o] = 1;
    this.left[this.all.version(o)]!--;
  }

  unserve(o: number): void {
    if (!this.all.counts(o) || this.served[o] === 0) return;
    this.served[o] = 0;
    const v = this.all.version(o);
    this.left[v]!++;
    if (this.end[v]! <= this.all.place[o]!) this.end[v] = this.all.place[o]! + 1;
  }
}
