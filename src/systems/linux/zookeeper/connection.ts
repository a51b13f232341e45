import { connect, type Socket } from 'node:net';
import { FrameSplitter, MessageReader, MessageWriter } from './wire.ts';

export const CLIENT_PORT = 2181;

/** Longer than any run (ms), so that no session needs pings. */
export const SESSION_TIMEOUT = 3_600_000;

/** Operation codes (ZooDefs.OpCode). */
const CREATE = 1;
const DELETE = 2;
const GET_DATA = 4;
const SET_DATA = 5;
const GET_CHILDREN = 8;
const SYNC = 9;
const CREATE_AND_TELL = 15;
const CLOSE_SESSION = -11;

/** Names of the error codes (KeeperException.Code) that matter here. */
const ERROR_NAMES: Readonly<Record<number, string>> = {
  [-4]: 'ConnectionLoss',
  [-7]: 'OperationTimeout',
  [-101]: 'NoNode',
  [-103]: 'BadVersion',
  [-110]: 'NodeExists',
  [-112]: 'SessionExpired',
  [-118]: 'SessionMoved',
  [-119]: 'NotReadOnly',
};

/** Every version of a node. */
export const ANY_VERSION = -1;

const ALL_PERMISSIONS = 31;

/** Kinds of nodes (CreateMode): one that stays, one that goes with its session, one with a number after its name. */
const PERSISTENT = 0;
const EPHEMERAL = 1;
const SEQUENTIAL = 2;

/** What ZooKeeper answered instead of a result; `code` is its name. */
export class ZooKeeperError extends Error {
  readonly code: string;

  constructor(code: number) {
    const name = ERROR_NAMES[code] ?? `error ${code}`;
    super(`ZooKeeper: ${name}`);
    this.code = name;
  }
}

export interface StoredNode {
  readonly data: string;
  readonly version: number;
}

interface Waiting {
  resolve(message: Buffer): void;
  reject(error: Error): void;
}

/**
 * A session on one connection to one server: when that breaks, both are over. ZooKeeper answers in the order in which it
 * is asked. Speaks the protocol itself because the packages of npm either lack `sync` or need a compiler.
 */
export class ZooKeeperConnection {
  private readonly socket: Socket;
  private readonly waiting: Waiting[] = [];
  private lastRequest = 0;
  private broken: Error | null = null;

  private constructor(address: string) {
    const splitter = new FrameSplitter();
    this.socket = connect({ host: address, port: CLIENT_PORT, noDelay: true });
    this.socket.on('data', (chunk) => {
      for (const message of splitter.split(chunk)) this.waiting.shift()?.resolve(message);
    });
    this.socket.on('error', (error) => this.end(error));
    this.socket.on('close', () => this.end(new Error('the connection was closed')));
  }

  /**
   * Opens a session that ends when nothing was heard of it for `timeout` ms. It takes the server a write to the log, so a
   * server without a majority does not grant it.
   */
  static async open(address: string, timeout = SESSION_TIMEOUT): Promise<ZooKeeperConnection> {
    const connection = new ZooKeeperConnection(address);
    const hello = new MessageWriter().int(0).long(0n).int(timeout).long(0n);
    try {
      await connection.send(hello.buffer(Buffer.alloc(16)).flag(false).frame());
    } catch (cause) {
      throw new Error('no session', { cause });
    }
    return connection;
  }

  /** Makes a node that everybody may change. */
  async create(path: string, data: string): Promise<void> {
    await this.request(CREATE, (message) => newNode(message, path, data, PERSISTENT));
  }

  /** Makes a node whose name gets a number at its end, greater than that of any node made so before. */
  async createSequential(prefix: string, data: string): Promise<void> {
    await this.request(CREATE, (message) => newNode(message, prefix, data, SEQUENTIAL));
  }

  /** Makes a node that goes with this session; gives the number of the transaction that made it. */
  async createEphemeral(path: string): Promise<number> {
    const answer = await this.request(CREATE_AND_TELL, (message) => newNode(message, path, '', EPHEMERAL));
    answer.text();
    return Number(answer.long());
  }

  async delete(path: string): Promise<void> {
    await this.request(DELETE, (message) => message.text(path).int(ANY_VERSION));
  }

  /** The same as `getData`; null where there is no such node. */
  async read(path: string): Promise<StoredNode | null> {
    try {
      return await this.getData(path);
    } catch (error) {
      if (error instanceof ZooKeeperError && error.code === 'NoNode') return null;
      throw error;
    }
  }

  /** The data of a node, and its version. */
  async getData(path: string): Promise<StoredNode> {
    const answer = await this.request(GET_DATA, (message) => message.text(path).flag(false));
    const data = answer.text();
    // Of the node's state: two transaction ids, two times, then the version.
    return { data, version: answer.skip(32).int() };
  }

  async setData(path: string, data: string, version = ANY_VERSION): Promise<void> {
    await this.request(SET_DATA, (message) => message.text(path).text(data).int(version));
  }

  async children(path: string): Promise<string[]> {
    return (await this.request(GET_CHILDREN, (message) => message.text(path).flag(false))).texts();
  }

  /** Waits until the server has caught up with what the leader has committed by now. */
  async sync(path: string): Promise<void> {
    await this.request(SYNC, (message) => message.text(path));
  }

  /** Ends the session, which takes its ephemeral nodes along. A session whose connection broke ends in its time. */
  async endSession(): Promise<void> {
    await this.request(CLOSE_SESSION, (message) => message).catch(() => {});
    this.close();
  }

  /** Ends the connection; whatever waits on it is rejected. */
  close(): void {
    this.end(new Error('the connection was closed'));
  }

  private async request(
    operation: number,
    write: (message: MessageWriter) => MessageWriter,
  ): Promise<MessageReader> {
    const header = new MessageWriter().int(++this.lastRequest).int(operation);
    const answer = new MessageReader(await this.send(write(header).frame()));
    // The number of the request, and the last transaction that the server knows.
    const error = answer.skip(4 + 8).int();
    if (error !== 0) throw new ZooKeeperError(error);
    return answer;
  }

  private send(frame: Buffer): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      if (this.broken !== null) return reject(this.broken);
      this.waiting.push({ resolve, reject });
      this.socket.write(frame);
    });
  }

  private end(error: Error): void {
    this.broken ??= error;
    this.socket.destroy();
    for (const { reject } of this.waiting.splice(0)) reject(this.broken);
  }
}

function newNode(message: MessageWriter, path: string, data: string, kind: number): MessageWriter {
  const everybody = message.text(path).text(data).int(1).int(ALL_PERMISSIONS).text('world').text('anyone');
  return everybody.int(kind);
}
