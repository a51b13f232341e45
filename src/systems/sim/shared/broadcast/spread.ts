import type { NodeId } from '../../../../faults/fault.ts';
import type { NodeContext } from '../../../../world/node-program.ts';
import type { OutputCommit } from '../output-commit.ts';
import type { Message } from './message.ts';

/** How messages come to all nodes. */
export interface Spread<P, K> {
  /** This node broadcasts a message, which it has itself already. */
  broadcast(message: Message<P>): void;
  /** The node had this message before it crashed. */
  restore(message: Message<P>): void;
  onPacket(from: NodeId, packet: K): void;
  /** Called every so often. */
  onTick(): void;
}

/** What the node lends it. */
export interface SpreadHost<P, K> {
  readonly context: NodeContext<K>;
  /** Nothing leaves before what was accepted is on the disk. */
  readonly output: OutputCommit<K>;
  /** A message has come here for the first time. */
  accept(message: Message<P>): void;
}
