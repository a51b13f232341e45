import { OK } from '../../histories/op.ts';
import type { Transactions } from './micro-operations.ts';

/**
 * The next committed transaction of the same process, or -1. One whose outcome is unknown has none: it may take effect
 * at any later time.
 */
export function sessionSuccessors(txns: Transactions, committed: Uint8Array): Int32Array {
  const next = new Int32Array(txns.size).fill(-1);
  const last = new Int32Array(txns.sessionCount).fill(-1);
  for (let t = 0; t < txns.size; t++) {
    if (committed[t] === 0) continue;
    const s = txns.session[t]!;
    if (last[s]! >= 0) next[last[s]!] = t;
    if (txns.status[t] === OK) last[s] = t;
  }
  return next;
}
