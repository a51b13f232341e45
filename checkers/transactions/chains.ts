import type { Transactions } from './micro-operations.ts';

/** Transactions in chains, within each of which every one happened before the next: here, the sessions. */
export interface Chains {
  readonly count: number;
  readonly chain: Int32Array;
  /** Place in the chain, from 1; 0 for transactions that are in none. */
  readonly place: Int32Array;
  /** The transactions of chain `c`, in order: `first[c] <= i < first[c + 1]`. */
  readonly first: Int32Array;
  readonly members: Int32Array;
}

/** The committed transactions of each session. */
export function sessionChains(txns: Transactions, committed: Uint8Array): Chains {
  const first = new Int32Array(txns.sessionCount + 1);
  for (let t = 0; t < txns.size; t++) if (committed[t] === 1) first[txns.session[t]! + 1]!++;
  for (let s = 0; s < txns.sessionCount; s++) first[s + 1]! += first[s]!;
  const end = first.slice(0, txns.sessionCount);
  const members = new Int32Array(first[txns.sessionCount]!);
  const place = new Int32Array(txns.size);
  for (let t = 0; t < txns.size; t++) {
    if (committed[t] === 0) continue;
    const s = txns.session[t]!;
    members[end[s]!++] = t;
    place[t] = end[s]! - first[s]!;
  }
  return { count: txns.sessionCount, chain: txns.session, place, first, members };
}
