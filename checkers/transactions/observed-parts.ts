import { READ, type Transactions, WRITE } from './micro-operations.ts';
import { INITIAL, NONE, type ReadsFrom, sourceTxn } from './reads-from.ts';
import type { WrittenKeys } from './written-keys.ts';

/** Receives that the reader of `read` saw transaction `visible`, which also wrote the key, and yet read another version. */
export type Emit = (visible: number, read: number) => void;

/**
 * For each transaction, what it missed of the transactions that it read from directly: the axioms of read atomic
 * (`ordered` false) and of monotonic atomic view (`ordered` true: only reads after the first one that saw the other
 * transaction count), Biswas and Enea 2019, figure 2. Of many versions of a key read by one transaction two are enough,
 * because the first was seen by the time of the second; scanning backwards and going through the smaller of two sets
 * makes this O(n^1.5) (AWDIT, PLDI 2025, section 4).
 */
export function observedParts(
  txns: Transactions,
  readsFrom: ReadsFrom,
  written: WrittenKeys,
  ordered: boolean,
  emit: Emit,
): void {
  const { opKind, opKey, firstOp } = txns;
  const { source, committed } = readsFrom;
  const later = new LaterReads(txns.keyNames.length);
  /** The first read that saw a transaction, and which transaction that read belongs to. */
  const firstSight = new Int32Array(txns.size);
  const seenBy = new Int32Array(txns.size).fill(-1);
  for (let t = 0; t < txns.size; t++) {
    const [start, end] = [firstOp[t]!, firstOp[t + 1]!];
    let reads = 0;
    for (let o = start; o < end; o++) {
      if (opKind[o] !== READ || source[o] === NONE) continue;
      reads++;
      const seen = sourceTxn(txns, readsFrom, o);
      if (seen < 0 || seenBy[seen] === t) continue;
      seenBy[seen] = t;
      firstSight[seen] = o;
    }
    if (reads < 2) continue;
    later.clear();
    for (let o = end - 1; o >= start; o--) {
      if (opKind[o] !== READ || source[o] === NONE) continue;
      if (ordered) compare(o);
      later.add(opKey[o]!, o, sourceTxn(txns, readsFrom, o));
    }
    if (ordered) continue;
    for (let o = start; o < end; o++) if (opKind[o] === READ && source[o] !== NONE) compare(o);
  }

  /** What was read elsewhere of the keys that the transaction seen by read `o` wrote. */
  function compare(o: number): void {
    const seen = sourceTxn(txns, readsFrom, o);
    if (seen === INITIAL || firstSight[seen] !== o || committed[seen] === 0) return;
    if (written.count[seen]! <= later.keys.length) {
      for (let w = firstOp[seen]!; w < firstOp[seen + 1]!; w++) {
        if (opKind[w] === WRITE && written.find(seen, opKey[w]!) === w) missed(seen, opKey[w]!);
      }
    } else for (const key of later.keys) if (written.find(seen, key) >= 0) missed(seen, key);
  }

  function missed(seen: number, key: number): void {
    for (const read of [later.first(key), later.second(key)]) {
      if (read >= 0 && sourceTxn(txns, readsFrom, read) !== seen) emit(seen, read);
    }
  }
}

/** For each key, the two earliest reads so far that saw different versions. */
class LaterReads {
  readonly keys: number[] = [];
  private readonly one: Int32Array;
  /** What `one` saw. */
  private readonly saw: Int32Array;
  private readonly two: Int32Array;

  constructor(keyCount: number) {
    this.one = new Int32Array(keyCount).fill(-1);
    this.saw = new Int32Array(keyCount);
    this.two = new Int32Array(keyCount).fill(-1);
  }

  clear(): void {
    for (const key of this.keys) this.one[key] = this.two[key] = -1;
    this.keys.length = 0;
  }

  /** Adds a read that comes before all the others. */
  add(key: number, read: number, saw: number): void {
    if (this.one[key]! < 0) this.keys.push(key);
    else if (this.saw[key] !== saw) this.two[key] = this.one[key]!;
    this.one[key] = read;
    this.saw[key] = saw;
  }

  first(key: number): number {
    return this.one[key]!;
  }

  second(key: number): number {
    return this.two[key]!;
  }
}
