import type { Chains } from './chains.ts';
import { READ, type Transactions } from './micro-operations.ts';
import { NONE, type ReadsFrom } from './reads-from.ts';

/** Who read and who wrote each key, chain after chain, in the order of each chain. */
export interface KeyAccesses {
  /** The transactions that wrote key `k`, each once: `firstWriter[k] <= i < firstWriter[k + 1]`. */
  readonly firstWriter: Int32Array;
  readonly writers: Int32Array;
  /** The place of each of them in its chain: to look it up there would be to wait for memory. */
  readonly places: Int32Array;
  /** By writing micro-operation, where its transaction stands among the writers. */
  readonly writerOf: Int32Array;
  /** The reads of key `k` of which it is known what they returned: `firstRead[k] <= i < firstRead[k + 1]`. */
  readonly firstRead: Int32Array;
  readonly reads: Int32Array;
}

export function keyAccesses(
  txns: Transactions,
  { source }: ReadsFrom,
  { members, place }: Chains,
): KeyAccesses {
  const { firstOp, opKind, opKey } = txns;
  const keys = txns.keyNames.length;
  const firstWriter = new Int32Array(keys + 1);
  const firstRead = new Int32Array(keys + 1);
  const lastWriter = new Int32Array(keys).fill(-1);
  for (let i = 0; i < members.length; i++) {
    const t = members[i]!;
    for (let o = firstOp[t]!; o < firstOp[t + 1]!; o++) {
      const key = opKey[o]!;
      if (opKind[o] === READ) {
        if (source[o] !== NONE) firstRead[key + 1]!++;
      } else if (lastWriter[key] !== t) {
        lastWriter[key] = t;
        firstWriter[key + 1]!++;
      }
    }
  }
  for (let key = 0; key < keys; key++) {
    firstWriter[key + 1]! += firstWriter[key]!;
    firstRead[key + 1]! += firstRead[key]!;
  }
  const writerEnd = firstWriter.slice(0, keys);
  const readEnd = firstRead.slice(0, keys);
  const writers = new Int32Array(firstWriter[keys]!);
  const places = new Int32Array(writers.length);
  const writerOf = new Int32Array(opKind.length).fill(-1);
  const reads = new Int32Array(firstRead[keys]!);
  lastWriter.fill(-1);
  for (let i = 0; i < members.length; i++) {
    const t = members[i]!;
    for (let o = firstOp[t]!; o < firstOp[t + 1]!; o++) {
      const key = opKey[o]!;
      if (opKind[o] === READ) {
        if (source[o] !== NONE) reads[readEnd[key]!++] = o;
        continue;
      }
      if (lastWriter[key] !== t) {
        lastWriter[key] = t;
        places[writerEnd[key]!] = place[t]!;
        writers[writerEnd[key]!++] = t;
      }
      writerOf[o] = writerEnd[key]! - 1;
    }
  }
  return { firstWriter, writers, places, writerOf, firstRead, reads };
}
