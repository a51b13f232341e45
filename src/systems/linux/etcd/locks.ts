import type { Completion } from '../../../world/client.ts';
import type { Nanos } from '../../../world/nanos.ts';
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

/** A lock that this client holds, by its own clock. */
interface Held {
  readonly token: number;
  readonly lease: string;
  readonly until: number;
}

/** What a lock guards: a value, and the token of whoever wrote it. */
interface Resource {
  readonly token: number;
  readonly value: unknown;
}

/**
 * Locks as keys with a lease, in etcd's own manner: whoever makes the key holds the lock, and the revision that made it
 * is the fencing token. The holder counts its time from before it asked, etcd from later, so it never believes too long.
 */
export class EtcdLocks {
  private readonly term: Nanos;
  private readonly ask: Ask;
  private readonly held = new Map<string, Held>();

  constructor(term: Nanos, ask: Ask) {
    this.term = term;
    this.ask = ask;
  }

  async acquire(name: string): Promise<Completion> {
    const asked = performance.now();
    const seconds = Math.ceil(this.term / 1e9);
    const { ID: lease } = await this.ask<{ ID: string }>('lease/grant', { TTL: seconds });
    const key = `lock/${name}`;
    const { succeeded, header } = await this.ask<TxnAnswer>('kv/txn', {
      compare: [unchangedSince(key, '0')],
      success: [put(key, null, lease)],
    });
    if (!succeeded) {
      // Left alone it would end by itself; an answer is not needed.
      void this.ask('lease/revoke', { ID: lease }).catch(() => {});
      return { type: 'fail', error: 'held' };
    }
    const token = Number(header.revision);
    this.held.set(name, { token, lease, until: asked + this.term / 1e6 });
    return { type: 'ok', value: { token, lease: this.term } };
  }

  async release(name: string, token: number): Promise<Completion> {
    const held = this.held.get(name);
    this.held.delete(name);
    if (held?.token !== token) return { type: 'fail', error: 'not-held' };
    // The key goes only if it is still the one that this client made.
    const key = `lock/${name}`;
    const { succeeded } = await this.ask<TxnAnswer>('kv/txn', {
      compare: [unchangedSince(key, String(token))],
      success: [{ request_delete_range: { key: base64(key) } }],
    });
    return succeeded ? { type: 'ok' } : { type: 'fail', error: 'not-held' };
  }

  async write(
    name: string,
    { token, value }: { readonly token: number; readonly value?: unknown },
  ): Promise<Completion> {
    const held = this.held.get(name);
    if (held?.token !== token || performance.now() > held.until) return { type: 'fail', error: 'lease-over' };
    const key = `resource/${name}`;
    for (;;) {
      const before = await this.ask<RangeAnswer>('kv/range', { key: base64(key) });
      const resource = storedValue(before) as Resource | null;
      if (resource !== null && resource.token > token) return { type: 'fail', error: 'fenced' };
      const { succeeded } = await this.ask<TxnAnswer>('kv/txn', {
        compare: [unchangedSince(key, revisionOf(before))],
        success: [put(key, { token, value } satisfies Resource)],
      });
      // Else somebody wrote in between, and nothing was done: look again.
      if (succeeded) return { type: 'ok', value: { after: resource?.token ?? null } };
    }
  }
}
