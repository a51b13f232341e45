import type { Nanos } from '../../../world/nanos.ts';
import type { LockStore, Resource } from '../shared/leased-locks.ts';
import {
  base64,
  put,
  type RangeAnswer,
  revisionOf,
  storedValue,
  type TxnAnswer,
  unchangedSince,
} from './api.ts';

type Ask = <T>(method: string, request: object) => Promise<T>;

/**
 * Locks as keys with a lease, in etcd's own manner: whoever makes the key holds the lock, and the revision that made it
 * is the fencing token.
 */
export function etcdLocks(term: Nanos, ask: Ask): LockStore<number> {
  return {
    async take(name) {
      const { ID: lease } = await ask<{ ID: string }>('lease/grant', { TTL: Math.ceil(term / 1e9) });
      const key = `lock/${name}`;
      const { succeeded, header } = await ask<TxnAnswer>('kv/txn', {
        compare: [unchangedSince(key, '0')],
        success: [put(key, null, lease)],
      });
      if (succeeded) return { token: Number(header.revision), entry: Number(header.revision) };
      // Left alone it would end by itself; an answer is not needed.
      void ask('lease/revoke', { ID: lease }).catch(() => {});
      return null;
    },
    async giveUp(name, revision) {
      // The key goes only if it is still the one that this client made.
      const key = `lock/${name}`;
      const { succeeded } = await ask<TxnAnswer>('kv/txn', {
        compare: [unchangedSince(key, String(revision))],
        success: [{ request_delete_range: { key: base64(key) } }],
      });
      return succeeded === true;
    },
    async resource(name) {
      const key = `resource/${name}`;
      const read = await ask<RangeAnswer>('kv/range', { key: base64(key) });
      return {
        now: storedValue(read) as Resource | null,
        async replace(by) {
          const { succeeded } = await ask<TxnAnswer>('kv/txn', {
            compare: [unchangedSince(key, revisionOf(read))],
            success: [put(key, by)],
          });
          return succeeded === true;
        },
      };
    },
  };
}
