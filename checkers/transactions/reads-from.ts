import { FAIL } from '../../histories/op.ts';
import { elementWrite, externalLength, type ListVersions } from './list-versions.ts';
import { READ, type Transactions } from './micro-operations.ts';
import type { WriteIndex } from './write-index.ts';

/** The version read was there before any write. */
export const INITIAL = -1;
/** A read of the transaction's own write, or of something that no committed transaction wrote; no dependency. */
export const NONE = -2;

/** Who wrote what each read returned. */
export interface ReadsFrom {
  /** Of each read, the micro-operation that wrote the version, or `INITIAL`, or `NONE`; `NONE` for writes. */
  readonly source: Int32Array;
  /** Whether each transaction took effect: it was acknowledged, or its outcome is unknown and someone saw its writes. */
  readonly committed: Uint8Array;
}

/** The last element of each list that the reading transaction did not append itself tells the version read. */
export function listReadsFrom(txns: Transactions, writes: WriteIndex, versions: ListVersions): ReadsFrom {
  const source = new Int32Array(txns.opKind.length).fill(NONE);
  for (let o = 0; o < source.length; o++) {
    if (txns.opKind[o] !== READ) continue;
    const length = externalLength(txns, writes, versions, o);
    if (length === 0) source[o] = INITIAL;
    else {
      const write = elementWrite(txns, writes, versions, o, length - 1);
      if (write >= 0 && txns.status[txns.opTxn[write]!] !== FAIL) source[o] = write;
    }
  }
  return { source, committed: versions.committed };
}

/** The transaction that wrote what read `o` returned; `INITIAL` and `NONE` as they are. */
export function sourceTxn(txns: Transactions, { source }: ReadsFrom, o: number): number {
  const write = source[o]!;
  return write < 0 ? write : txns.opTxn[write]!;
}
