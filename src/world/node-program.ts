import type { NodeId } from '../faults/fault.ts';
import type { Nanos } from './nanos.ts';
import type { RandomStream } from './random.ts';

/** A request that waits for its answer: plain data, so that a program may keep or forward it. */
export interface RequestId {
  readonly client: NodeId;
  readonly id: number;
}

/** A handler works at once (fast) or is an async function (comfortable); a rejection crashes the node like a throw. */
export type Effect = void | Promise<void>;

/**
 * One node of a distributed algorithm: a state machine that is called and has effects only through its context. Its
 * timers and syncs have names, not closures, so that its state stays plain data. `M` are messages between nodes, `Q`
 * requests of clients: plain JSON data, or `Uint8Array` where the system declares byte messages. Messages are frozen.
 */
export interface NodeProgram<M, Q = unknown> {
  /** Called once, before anything else, with whatever is on the disk. */
  onStart?(): Effect;
  onMessage(from: NodeId, message: M): Effect;
  onRequest?(request: RequestId, query: Q): Effect;
  onTimer?(name: string): Effect;
  /** The sync with this tag is done, or failed: then nothing is known about what reached the disk. */
  onSynced?(tag: string, error?: DiskError): Effect;
  /** Whether the node believes itself leader or primary. */
  leads?(): boolean;
}

/** All that a node program can see or do. Throwing out of a handler crashes the node, as in real life. */
export interface NodeContext<M> {
  readonly id: NodeId;
  /** Every other node. */
  readonly peers: readonly NodeId[];
  readonly random: RandomStream;
  /** Time of day by this node's clock, ns since an arbitrary epoch: may be wrong, and may jump. */
  wallClock(): Nanos;
  /** Elapsed time by this node's clock, ns: never goes back, may drift; starts anew with the process. */
  monotonic(): Nanos;
  send(to: NodeId, message: M): void;
  reply(to: RequestId, answer: unknown): void;
  /** Arms the timer called `name`, anew if it was armed. */
  setTimer(name: string, delay: Nanos): void;
  cancelTimer(name: string): void;
  readonly disk: Disk;
  /** Tells the observer something; no effect on the node. */
  trace(event: unknown): void;
}

export type DiskErrorCode = 'EIO' | 'ENOSPC' | 'ENOENT';

/** What a real file system would say. */
export class DiskError extends Error {
  override readonly name = 'DiskError';
  readonly code: DiskErrorCode;

  constructor(code: DiskErrorCode, message: string) {
    super(`${code}: ${message}`);
    this.code = code;
  }
}

/**
 * A node's files: flat names, text content. Writes go to a cache that the node's own reads see; only `sync` makes them
 * last through a power loss. A process that is merely killed loses nothing it wrote; but what its successor reads may
 * still be unsynced, so sync before relying on it. Operations throw `DiskError`.
 */
export interface Disk {
  /** The whole content, or null when there is no such file. */
  read(file: string): string | null;
  /** Adds to the end, making the file if needed. */
  append(file: string, data: string): void;
  /** Replaces the content. */
  write(file: string, data: string): void;
  /** Atomic, and replaces `to`; lasting only once synced, like the content. */
  rename(from: string, to: string): void;
  remove(file: string): void;
  list(): string[];
  /**
   * Begins to make everything done so far to all files last (content, renames and removals); the program's
   * `onSynced(tag)` follows. Syncs finish in the order they began.
   */
  sync(tag: string): void;
}
