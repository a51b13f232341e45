import type { Completion, Invocation } from '../../../world/client.ts';
import { CONNECTION_ERRORS, type KnownError } from '../../../world/error-table.ts';
import type { ServerClientContext } from '../../../world/process-deployment.ts';
import { ConnectedClient } from '../shared/connected-client.ts';
import { isTokened, LeasedLocks } from '../shared/leased-locks.ts';
import type { Attempt } from '../shared/server-client.ts';
import { ZooKeeperConnection, ZooKeeperError } from './connection.ts';
import type { Settings } from './deployment.ts';
import { zookeeperLocks } from './locks.ts';
import { dequeue, enqueue } from './queue.ts';

/** What ZooKeeper says instead of a result. Whatever is not here leaves the outcome of a write open. */
const ERRORS: readonly KnownError[] = [
  // Before there is a session, nothing was asked for.
  { match: 'no session', name: 'no-session', definite: true },
  { match: 'the connection was closed', name: 'connection-closed', definite: false },
  { match: 'BadVersion', name: 'conflict', definite: true },
  { match: 'NodeExists', name: 'conflict', definite: true },
  { match: 'NoNode', name: 'conflict', definite: true },
  { match: 'SessionExpired', name: 'session-expired', definite: true },
  { match: 'ConnectionLoss', name: 'connection-loss', definite: false },
  { match: 'OperationTimeout', name: 'operation-timeout', definite: false },
  ...CONNECTION_ERRORS,
];

/** Elements of the set are children of the root with this prefix. */
const ELEMENT = 'element-';

/** Registers, a set, a queue and locks in ZooKeeper: nodes below the root. */
export class ZooKeeperClient extends ConnectedClient<ZooKeeperConnection> {
  private readonly syncs: boolean;
  private readonly locks: LeasedLocks<ZooKeeperConnection>;
  private readonly lockSessions = new Set<ZooKeeperConnection>();

  constructor(context: ServerClientContext, { sync, lease }: Settings) {
    super(context, ERRORS);
    this.syncs = sync;
    const store = zookeeperLocks({
      openSession: async () => {
        const session = await ZooKeeperConnection.open(this.node.address, lease / 1e6);
        this.lockSessions.add(session);
        return session;
      },
      connection: () => this.connected(),
    });
    this.locks = new LeasedLocks(store, lease);
  }

  override async close(): Promise<void> {
    await super.close();
    for (const session of this.lockSessions) session.close();
  }

  protected connect(): Promise<ZooKeeperConnection> {
    return ZooKeeperConnection.open(this.node.address);
  }

  protected disconnect(connection: ZooKeeperConnection): void {
    connection.close();
  }

  /** An answer, even one that says no, comes over a connection that works. */
  protected override survives(error: unknown): boolean {
    return error instanceof ZooKeeperError;
  }

  protected async performOn(
    connection: ZooKeeperConnection,
    { f, key, value }: Invocation,
    attempt: Attempt,
  ): Promise<Completion> {
    const register = `/register-${key}`;
    switch (f) {
      case 'read': {
        if (this.syncs) await connection.sync(key === undefined ? '/' : register);
        return {
          type: 'ok',
          value: key === undefined ? await readSet(connection) : (await read(connection, register)).value,
        };
      }
      case 'write':
        attempt.changes = true;
        if (isTokened(value)) return this.locks.write(String(key), value);
        await write(connection, register, JSON.stringify(value));
        return { type: 'ok' };
      case 'cas': {
        const [from, to] = value as readonly [unknown, unknown];
        const found = await read(connection, register);
        if (found.value !== from) return { type: 'fail', error: 'mismatch' };
        attempt.changes = true;
        if (found.version === null) await connection.create(register, JSON.stringify(to));
        else await connection.setData(register, JSON.stringify(to), found.version);
        return { type: 'ok' };
      }
      case 'add':
        attempt.changes = true;
        await connection.create(`/${ELEMENT}${value}`, '');
        return { type: 'ok' };
      case 'enqueue':
        attempt.changes = true;
        await enqueue(connection, value);
        return { type: 'ok' };
      case 'dequeue':
        return dequeue(connection, {
          sync: this.syncs,
          onChange() {
            attempt.changes = true;
          },
        });
      case 'acquire':
        attempt.changes = true;
        return this.locks.acquire(String(key));
      case 'release':
        attempt.changes = true;
        return this.locks.release(String(key), value as number);
      default:
        throw new Error(`ZooKeeper does not serve ${f}`);
    }
  }
}

/** What a register holds, and in which version; null and null where it was never written. */
async function read(
  connection: ZooKeeperConnection,
  path: string,
): Promise<{ readonly value: unknown; readonly version: number | null }> {
  const node = await connection.read(path);
  return node === null
    ? { value: null, version: null }
    : { value: JSON.parse(node.data), version: node.version };
}

async function readSet(connection: ZooKeeperConnection): Promise<number[]> {
  const names = await connection.children('/');
  return names.filter((name) => name.startsWith(ELEMENT)).map((name) => Number(name.slice(ELEMENT.length)));
}

/** Sets a register, or makes it where there is none; no node is ever removed. */
async function write(connection: ZooKeeperConnection, path: string, data: string): Promise<void> {
  try {
    await connection.setData(path, data);
  } catch (error) {
    if (!(error instanceof ZooKeeperError && error.code === 'NoNode')) throw error;
    await connection.create(path, data);
  }
}
