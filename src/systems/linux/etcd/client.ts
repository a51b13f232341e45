import type { Completion, Invocation } from '../../../world/client.ts';
import type { ServerClientContext } from '../../../world/process-deployment.ts';
import { HttpClient } from '../shared/http-client.ts';
import { isTokened, LeasedLocks } from '../shared/leased-locks.ts';
import type { Attempt } from '../shared/server-client.ts';
import {
  ask,
  base64,
  ERRORS,
  holds,
  put,
  type RangeAnswer,
  range,
  revisionOf,
  storedValue,
  type TxnAnswer,
  unbase64,
  unchangedSince,
} from './api.ts';
import type { Settings } from './deployment.ts';
import { etcdLocks } from './locks.ts';

const SET = 'set/';

type MicroOperation = readonly [f: 'r' | 'append', key: string, value: unknown];

/** Registers, lists, a set and locks in one node's etcd. */
export class EtcdClient extends HttpClient {
  private readonly serializable: boolean;
  private readonly locks: LeasedLocks<number>;

  constructor(context: ServerClientContext, settings: Settings) {
    super(context, ERRORS);
    this.serializable = settings.reads === 'serializable';
    const store = etcdLocks(settings.lease, (method, request) => this.ask(method, request));
    this.locks = new LeasedLocks(store, settings.lease);
  }

  protected async perform({ f, key, value }: Invocation, attempt: Attempt): Promise<Completion> {
    attempt.changes = !reads(f, value);
    const register = `register/${key}`;
    switch (f) {
      case 'read':
        return { type: 'ok', value: key === undefined ? await this.readSet() : await this.read(register) };
      case 'write':
        if (isTokened(value)) return this.locks.write(String(key), value);
        await this.txn([], [put(register, value)]);
        return { type: 'ok' };
      case 'cas': {
        const [from, to] = value as readonly [unknown, unknown];
        const expected = from === null ? unchangedSince(register, '0') : holds(register, from);
        const { succeeded } = await this.txn([expected], [put(register, to)]);
        return succeeded ? { type: 'ok' } : { type: 'fail', error: 'mismatch' };
      }
      case 'add':
        await this.txn([], [put(`${SET}${value}`, value)]);
        return { type: 'ok' };
      case 'txn':
        return this.transact(value as readonly MicroOperation[]);
      case 'acquire':
        return this.locks.acquire(String(key));
      case 'release':
        return this.locks.release(String(key), value as number);
      default:
        throw new Error(`etcd does not serve ${f}`);
    }
  }

  private async read(key: string): Promise<unknown> {
    const request = { key: base64(key), serializable: this.serializable };
    return storedValue(await this.ask<RangeAnswer>('kv/range', request));
  }

  /** Everything from `set/` to the first key that no longer begins so. */
  private async readSet(): Promise<unknown[]> {
    const request = { key: base64(SET), range_end: base64('set0'), serializable: this.serializable };
    const { kvs = [] } = await this.ask<RangeAnswer>('kv/range', request);
    return kvs.map(({ value }) => JSON.parse(unbase64(value!)));
  }

  /** Reads all keys at once, then commits only if none of them has changed since (optimistic concurrency). */
  private async transact(operations: readonly MicroOperation[]): Promise<Completion> {
    const keys = [...new Set(operations.map(([, key]) => key))];
    const read = await this.txn(
      [],
      keys.map((key) => range(`list/${key}`, this.serializable)),
    );
    const answers = new Map(keys.map((key, i) => [key, read.responses?.[i]?.response_range]));
    const lists = new Map(keys.map((key) => [key, (storedValue(answers.get(key)) ?? []) as unknown[]]));
    const done = operations.map(([f, key, value]): MicroOperation => {
      if (f === 'r') return [f, key, lists.get(key)!];
      lists.set(key, [...lists.get(key)!, value]);
      return [f, key, value];
    });
    const written = [...new Set(operations.filter(([f]) => f === 'append').map(([, key]) => key))];
    if (written.length === 0) return { type: 'ok', value: done };
    const { succeeded } = await this.txn(
      keys.map((key) => unchangedSince(`list/${key}`, revisionOf(answers.get(key)))),
      written.map((key) => put(`list/${key}`, lists.get(key))),
    );
    return succeeded ? { type: 'ok', value: done } : { type: 'fail', error: 'conflict' };
  }

  private txn(compare: readonly object[], success: readonly object[]): Promise<TxnAnswer> {
    return this.ask<TxnAnswer>('kv/txn', { compare, success });
  }

  private ask<T>(method: string, request: object): Promise<T> {
    return ask<T>(this.node, method, request, this.signal);
  }
}

/** Whether an operation changes nothing, however it ends. */
function reads(f: string, value: unknown): boolean {
  return (
    f === 'read' || (f === 'txn' && (value as readonly MicroOperation[]).every(([kind]) => kind === 'r'))
  );
}
