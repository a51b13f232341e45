import type { NodeId } from '../faults/fault.ts';
import type { Client, Completion, Invocation } from '../world/client.ts';
import type { Nanos } from '../world/nanos.ts';
import type { Cancel, World } from '../world/world.ts';
import { errorMessage, settle } from './settle.ts';

/** No connection was made, so the operation was never sent. */
const NO_CONNECTION: Completion = { type: 'fail', error: 'no-connection' };
const TIMEOUT: Completion = { type: 'info', error: 'timeout' };

/** An operation under way. */
interface Attempt {
  readonly complete: (completion: Completion) => void;
  /** Whether the system may have heard of it. */
  sent: boolean;
  cancelTimeout: Cancel;
}

/**
 * One thread of clients: it runs one process after another, and one operation at a time. Its connection lasts until the
 * process is retired, an operation wants another node, or no answer came in time.
 */
export class ClientThread {
  process: number;
  private readonly world: World;
  private readonly concurrency: number;
  private readonly timeout: Nanos;
  private client: Client | null = null;
  private clientNode: NodeId | null = null;
  private attempt: Attempt | null = null;

  constructor(world: World, thread: number, concurrency: number, timeout: Nanos) {
    this.world = world;
    this.process = thread;
    this.concurrency = concurrency;
    this.timeout = timeout;
  }

  /** Performs an operation at a node; `complete` hears the outcome, later but within the time-out. */
  perform(operation: Invocation, node: NodeId, complete: (completion: Completion) => void): void {
    const attempt: Attempt = { complete, sent: false, cancelTimeout: () => {} };
    attempt.cancelTimeout = this.world.after(this.timeout, () =>
      this.end(attempt, attempt.sent ? TIMEOUT : NO_CONNECTION),
    );
    this.attempt = attempt;
    if (this.client !== null && this.clientNode === node) {
      this.send(attempt, this.client, operation);
      return;
    }
    this.disconnect();
    const client = this.world.client(this.process);
    this.client = client;
    this.clientNode = node;
    settle(
      () => client.open(node),
      () => this.send(attempt, client, operation),
      () => this.end(attempt, NO_CONNECTION),
    );
  }

  /** The outcome of the last operation is unknown: its process may still be at work, so another one takes its place. */
  retire(): void {
    this.process += this.concurrency;
  }

  /** Gives up whatever is under way, unheard, and the connection. */
  close(): void {
    this.attempt?.cancelTimeout();
    this.attempt = null;
    this.disconnect();
  }

  private send(attempt: Attempt, client: Client, operation: Invocation): void {
    if (this.attempt !== attempt) return;
    attempt.sent = true;
    settle(
      () => client.invoke(operation),
      (completion) => this.end(attempt, completion),
      (error) => this.end(attempt, { type: 'info', error: errorMessage(error) }),
    );
  }

  private end(attempt: Attempt, completion: Completion): void {
    if (this.attempt !== attempt) return;
    this.attempt = null;
    attempt.cancelTimeout();
    if (!attempt.sent || completion.type === 'info') this.disconnect();
    attempt.complete(completion);
  }

  private disconnect(): void {
    const { client } = this;
    this.client = null;
    this.clientNode = null;
    // A connection that can't be closed properly is no news: nobody uses it any more.
    if (client !== null)
      settle(
        () => client.close(),
        () => {},
        () => {},
      );
  }
}
