import { INFO, OK } from '../../histories/op.ts';
import { identity } from '../identity.ts';
import { READ, type Transactions, WRITE } from './micro-operations.ts';
import type { KnownOrder } from './order-problem.ts';
import type { WriteIndex } from './write-index.ts';

/** The version order of each list, as the longest read of it shows (Kingsbury and Alvaro 2020, section 4.2.2). */
export interface ListVersions {
  /** Versions of key `k`, in order: `first[k] <= i < first[k + 1]`. */
  readonly first: Int32Array;
  /** The append that made each version; -1 when nobody appended the element. */
  readonly writer: Int32Array;
  /** Of each append, its place in the list from 0; -1 when the longest read doesn't show it. */
  readonly position: Int32Array;
  /** Of each key, the micro-operation that read the longest list; -1 when none read it. */
  readonly longest: Int32Array;
  /** Whether each read is a prefix of the longest one. */
  readonly compatible: Uint8Array;
  /** Of each key, whether its reads show one order of its elements; where they don't, nothing is known about it. */
  readonly ordered: Uint8Array;
  /** Whether each transaction took effect: it was acknowledged, or its outcome is unknown and someone saw its writes. */
  readonly committed: Uint8Array;
}

export function listVersions(txns: Transactions, writes: WriteIndex): ListVersions {
  const longest = longestReads(txns);
  const ordered = new Uint8Array(txns.keyNames.length).fill(1);
  const { first, writer, position } = orders(txns, writes, longest, ordered);
  const compatible = new Uint8Array(txns.opKind.length);
  const committed = new Uint8Array(txns.size);
  for (let t = 0; t < txns.size; t++) if (txns.status[t] === OK) committed[t] = 1;
  for (let i = 0; i < writer.length; i++) witness(writer[i]!);
  for (let o = 0; o < txns.opKind.length; o++) {
    if (txns.opKind[o] !== READ) continue;
    const key = txns.opKey[o]!;
    const list = txns.lists[o]!;
    if (isPrefix(list, txns.lists[longest[key]!]!)) compatible[o] = 1;
    else {
      ordered[key] = 0;
      for (const element of list) witness(writes.find(key, txns.values.id(element)));
    }
  }
  return { first, writer, position, longest, compatible, ordered, committed };

  function witness(write: number): void {
    if (write >= 0 && txns.status[txns.opTxn[write]!] === INFO) committed[txns.opTxn[write]!] = 1;
  }
}

function longestReads({ keyNames, opKind, opKey, opValue }: Transactions): Int32Array {
  const longest = new Int32Array(keyNames.length).fill(-1);
  for (let o = 0; o < opKind.length; o++) {
    if (opKind[o] !== READ) continue;
    const best = longest[opKey[o]!]!;
    if (best < 0 || opValue[o]! > opValue[best]!) longest[opKey[o]!] = o;
  }
  return longest;
}

function orders(
  txns: Transactions,
  writes: WriteIndex,
  longest: Int32Array,
  ordered: Uint8Array,
): Pick<ListVersions, 'first' | 'writer' | 'position'> {
  const first = new Int32Array(longest.length + 1);
  for (let key = 0; key < longest.length; key++) {
    first[key + 1] = first[key]! + (longest[key]! < 0 ? 0 : txns.opValue[longest[key]!]!);
  }
  const writer = new Int32Array(first[longest.length]!);
  const position = new Int32Array(txns.opKind.length).fill(-1);
  for (let key = 0; key < longest.length; key++) {
    if (longest[key]! < 0) continue;
    const list = txns.lists[longest[key]!]!;
    for (let i = 0; i < list.length; i++) {
      const write = writes.find(key, txns.values.id(list[i]));
      writer[first[key]! + i] = write;
      if (write < 0) continue;
      if (position[write]! < 0) position[write] = i;
      else ordered[key] = 0;
    }
  }
  return { first, writer, position };
}

/** Whether `long` begins with all of `short`. */
export function isPrefix(short: readonly unknown[], long: readonly unknown[]): boolean {
  if (short === long) return true;
  if (short.length > long.length) return false;
  for (let i = 0; i < short.length; i++) {
    if (short[i] !== long[i] && identity(short[i]) !== identity(long[i])) return false;
  }
  return true;
}

/**
 * How much of the list that read `o` returned was there before the transaction: the list without the elements at its
 * end that the transaction itself appended.
 */
export function externalLength(
  txns: Transactions,
  writes: WriteIndex,
  versions: ListVersions,
  o: number,
): number {
  const t = txns.opTxn[o]!;
  let length = txns.opValue[o]!;
  while (length > 0) {
    const write = elementWrite(txns, writes, versions, o, length - 1);
    if (write < 0 || txns.opTxn[write] !== t) break;
    length--;
  }
  return length;
}

/** The append of element `i` of what read `o` returned; -1 when nobody appended it. */
export function elementWrite(
  txns: Transactions,
  writes: WriteIndex,
  versions: ListVersions,
  o: number,
  i: number,
): number {
  const key = txns.opKey[o]!;
  if (versions.compatible[o] === 1) return versions.writer[versions.first[key]! + i]!;
  return writes.find(key, txns.values.id(txns.lists[o]![i]));
}

/** Whether the order of a key's versions is known, with each transaction's appends to it side by side. */
export function hasKnownOrder(txns: Transactions, versions: ListVersions): (key: number) => boolean {
  const { first, writer, ordered } = versions;
  return (key) => {
    const left = new Set<number>();
    let last = -1;
    for (let i = first[key]!; i < first[key + 1]!; i++) {
      const t = writer[i]! < 0 ? last : txns.opTxn[writer[i]!]!;
      if (t === last) continue;
      if (left.has(t) || (last >= 0 && appendsUnseen(last, key))) return false;
      left.add(last);
      last = t;
    }
    return ordered[key] === 1;
  };

  function appendsUnseen(t: number, key: number): boolean {
    for (let o = txns.firstOp[t]!; o < txns.firstOp[t + 1]!; o++) {
      if (txns.opKind[o] === WRITE && txns.opKey[o] === key && versions.position[o]! < 0) return true;
    }
    return false;
  }
}

/** Which of two committed appenders of a list came first, where reads show it. */
export function knownListOrder(
  txns: Transactions,
  { first, writer, position, ordered }: ListVersions,
): KnownOrder {
  return (key, a, b) => {
    if (ordered[key] === 0) return false;
    const [p, q] = [placeOf(key, a), placeOf(key, b)];
    return p !== q && (q < 0 ? p >= 0 : p >= 0 && p < q);
  };

  /** The place of a transaction's first append that reads show, or -1. */
  function placeOf(key: number, t: number): number {
    for (let i = first[key]!; i < first[key + 1]!; i++) {
      const write = writer[i]!;
      if (write >= 0 && txns.opTxn[write] === t) return position[write]!;
    }
    return -1;
  }
}
