import type { NodeId } from '../../../faults/fault.ts';
import type { Client, Completion, Invocation } from '../../../world/client.ts';
import { CONNECTION_ERRORS, failedBy, type KnownError } from '../../../world/error-table.ts';
import type { NodeSite, ServerClientContext } from '../../../world/process-deployment.ts';
import { ZooKeeperConnection, ZooKeeperError } from './connection.ts';

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

/** Registers and a set in ZooKeeper: nodes below the root. */
export class ZooKeeperClient implements Client {
  private readonly context: ServerClientContext;
  private readonly syncs: boolean;
  private node!: NodeSite;
  private connection: ZooKeeperConnection | null = null;

  constructor(context: ServerClientContext, { sync }: { readonly sync: boolean }) {
    this.context = context;
    this.syncs = sync;
  }

  async open(node: NodeId): Promise<void> {
    this.node = this.context.nodes.find(({ id }) => id === node)!;
  }

  async close(): Promise<void> {
    this.connection?.close();
    this.connection = null;
  }

  async invoke(operation: Invocation): Promise<Completion> {
    try {
      this.connection ??= await ZooKeeperConnection.open(this.node.address);
      return await this.perform(this.connection, operation);
    } catch (error) {
      // An answer, even one that says no, comes over a connection that works.
      if (!(error instanceof ZooKeeperError)) await this.close();
      return failedBy(error, ERRORS, { reads: operation.f === 'read' });
    }
  }

  private async perform(connection: ZooKeeperConnection, { f, key, value }: Invocation): Promise<Completion> {
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
        await write(connection, register, JSON.stringify(value));
        return { type: 'ok' };
      case 'cas': {
        const [from, to] = value as readonly [unknown, unknown];
        const found = await read(connection, register);
        if (found.value !== from) return { type: 'fail', error: 'mismatch' };
        if (found.version === null) await connection.create(register, JSON.stringify(to));
        else await connection.setData(register, JSON.stringify(to), found.version);
        return { type: 'ok' };
      }
      case 'add':
        await connection.create(`/${ELEMENT}${value}`, '');
        return { type: 'ok' };
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
  try {
    const { data, version } = await connection.getData(path);
    return { value: JSON.parse(data), version };
  } catch (error) {
    if (isCode(error, 'NoNode')) return { value: null, version: null };
    throw error;
  }
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
    if (!isCode(error, 'NoNode')) throw error;
    await connection.create(path, data);
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof ZooKeeperError && error.code === code;
}
