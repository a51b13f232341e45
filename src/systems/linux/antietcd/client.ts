import type { Completion, Invocation } from '../../../world/client.ts';
import type { ServerClientContext } from '../../../world/process-deployment.ts';
import { HttpClient } from '../shared/http-client.ts';
import type { Attempt } from '../shared/server-client.ts';
import { ask, base64, ERRORS, type RangeAnswer, type TxnAnswer, valuesOf } from './api.ts';

/** Registers and a set in one node's Antietcd. */
export class AntietcdClient extends HttpClient {
  constructor(context: ServerClientContext) {
    super(context, ERRORS);
  }

  protected async perform({ f, key, value }: Invocation, attempt: Attempt): Promise<Completion> {
    attempt.changes = f !== 'read';
    const register = base64(`register/${key}`);
    switch (f) {
      case 'read': {
        // A folder is read from its slash to the sign after the slash.
        const wanted =
          key === undefined ? { key: base64('set/'), range_end: base64('set0') } : { key: register };
        const values = valuesOf(await this.ask<RangeAnswer>('kv/range', wanted));
        return { type: 'ok', value: key === undefined ? values : (values[0] ?? null) };
      }
      case 'write':
        await this.put(register, value);
        return { type: 'ok' };
      case 'cas': {
        const [from, to] = value as readonly [unknown, unknown];
        const read = await this.ask<RangeAnswer>('kv/range', { key: register });
        if ((valuesOf(read)[0] ?? null) !== from) return { type: 'fail', error: 'mismatch' };
        // Version 1.3.1 can't compare values, which it forgets to decode. What was never written has the revision 0.
        const revision = read.kvs?.[0]?.mod_revision ?? 0;
        const { succeeded } = await this.ask<TxnAnswer>('kv/txn', {
          compare: [{ key: register, target: 'MOD', mod_revision: revision }],
          success: [{ request_put: { key: register, value: encoded(to) } }],
        });
        return succeeded ? { type: 'ok' } : { type: 'fail', error: 'mismatch' };
      }
      case 'add':
        await this.put(base64(`set/${value}`), value);
        return { type: 'ok' };
      default:
        throw new Error(`Antietcd does not serve ${f}`);
    }
  }

  private put(key: string, value: unknown): Promise<unknown> {
    return this.ask('kv/put', { key, value: encoded(value) });
  }

  private ask<T>(method: string, request: object): Promise<T> {
    return ask<T>(this.node, method, request, this.signal);
  }
}

function encoded(value: unknown): string {
  return base64(JSON.stringify(value));
}
