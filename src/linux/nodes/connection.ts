import { connect, type Socket } from 'node:net';
import { ConnectionError } from '../../world/client.ts';
import { encodeFrame, FrameReader, unpacked } from './frames.ts';
import { type Answer, CLIENT_PORT, type NodeAddress, type Question } from './task.ts';

/** A connection that is not there by now was never made (ms). */
const CONNECTS_WITHIN = 2_000;

type Unnumbered<T> = T extends unknown ? Omit<T, 'id'> : never;

interface Waiting {
  resolve(answer: unknown): void;
  reject(error: ConnectionError): void;
}

/** From the controller's side to one node's process: made when something is asked, and again after it broke. */
export class Connection {
  private readonly node: NodeAddress;
  private readonly onTrace: (event: unknown) => void;
  private readonly waiting = new Map<number, Waiting>();
  private socket: Socket | null = null;
  private connected = false;
  private asked = 0;

  constructor(node: NodeAddress, onTrace: (event: unknown) => void = () => {}) {
    this.node = node;
    this.onTrace = onTrace;
  }

  /** The answer, which may never come. Rejects with a `ConnectionError` when the process is dead or dies meanwhile. */
  ask(question: Unnumbered<Question>): Promise<unknown> {
    const id = ++this.asked;
    const socket = this.socket ?? this.open();
    // Node keeps it until the connection is there.
    socket.write(encodeFrame({ kind: 'json', content: { ...question, id } }));
    return new Promise((resolve, reject) => this.waiting.set(id, { resolve, reject }));
  }

  /** Whoever waits hears nothing any more. */
  close(): void {
    this.waiting.clear();
    this.socket?.destroy();
  }

  private open(): Socket {
    const socket = connect({ host: this.node.address, port: CLIENT_PORT, noDelay: true });
    this.socket = socket;
    this.connected = false;
    // What nobody closes must not keep the controller alive.
    socket.unref();
    const patience = setTimeout(() => socket.destroy(), CONNECTS_WITHIN);
    socket.once('connect', () => {
      clearTimeout(patience);
      this.connected = true;
    });
    const reader = new FrameReader(({ content }) => this.receive(content as Answer));
    socket.on('data', (chunk) => {
      if (!reader.push(chunk)) socket.destroy();
    });
    // Why it ended does not matter: `close` follows.
    socket.on('error', () => {});
    socket.once('close', () => {
      clearTimeout(patience);
      this.socket = null;
      const code = this.connected ? 'reset' : 'refused';
      const broken = [...this.waiting.values()];
      this.waiting.clear();
      for (const { reject } of broken) reject(new ConnectionError(code, this.node.id));
    });
    return socket;
  }

  private receive(answer: Answer): void {
    if ('trace' in answer) {
      this.onTrace(unpacked(answer.trace));
      return;
    }
    // The second answer to a request, or a late one, is nobody's.
    const waiting = this.waiting.get(answer.id);
    this.waiting.delete(answer.id);
    waiting?.resolve(unpacked(answer.answer));
  }
}
