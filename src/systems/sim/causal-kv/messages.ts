import type { NodeId } from '../../../faults/fault.ts';
import type { Timestamp } from '../shared/timestamp.ts';
import type { Vector } from '../shared/vector.ts';

/** A write, on its way to all replicas. */
export interface Write {
  readonly key: string;
  readonly value: unknown;
  /** Orders the writes of one key: Lamport's clock at the node that took the write, and the name of that node. */
  readonly ts: Timestamp;
  /** The node that took it, and how many it had taken then. */
  readonly origin: NodeId;
  readonly number: number;
  /** What its client had seen and written before: no replica shows it without that. */
  readonly dependencies: Vector;
}

export type Message =
  | { readonly type: 'writes'; readonly writes: readonly Write[] }
  /** What the sender has; the receiver answers with what is missing, and with its own digest if `answer`. */
  | { readonly type: 'digest'; readonly applied: Vector; readonly answer: boolean };

export interface Query {
  readonly f: string;
  readonly key: string;
  readonly value: unknown;
  /** What the session has read and written: who lacks any of it must not serve it. */
  readonly seen: Vector;
  /** Of a write: what nobody must see it without. */
  readonly dependencies: Vector;
}

export type Reply =
  /** `seen`: what the session has now seen or written besides. */
  | { readonly type: 'ok'; readonly value: unknown; readonly seen: Vector }
  /** This replica lacks some of what the session has seen; nothing was done. */
  | { readonly type: 'behind' };
