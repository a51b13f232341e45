import type { Key } from '../../histories/op.ts';
import type { NodeId } from '../faults/fault.ts';

/** What a client is asked to do. */
export interface Invocation {
  readonly f: string;
  readonly value: unknown;
  readonly key?: Key | undefined;
}

/** How it went; `value` defaults to the invocation's. */
export interface Completion {
  /** `fail` = surely had no effect; `info` = unknown, so its process is retired. */
  readonly type: 'ok' | 'fail' | 'info';
  readonly value?: unknown;
  readonly error?: string | undefined;
  /** The node that answered, where the client turned to another than the one it was opened for. */
  readonly node?: NodeId | undefined;
}

/**
 * A connection of one process to the system. `invoke` should not reject: an error it can't classify is `info`, and the
 * controller takes a rejection for that.
 */
export interface Client {
  open(node: NodeId): Promise<void>;
  invoke(operation: Invocation): Promise<Completion>;
  close(): Promise<void>;
}

/** What a client's connection says when the process at the other end is gone. */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError';
  /** `refused`: the request surely never arrived; `reset`: it may have been acted upon. */
  readonly code: 'refused' | 'reset';

  constructor(code: 'refused' | 'reset', node: NodeId) {
    super(`connection to ${node} ${code}`);
    this.code = code;
  }
}
