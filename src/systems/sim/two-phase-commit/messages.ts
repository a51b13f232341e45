import type { NodeId } from '../../../faults/fault.ts';
import type { Balances } from '../shared/shards/shard.ts';
import type { Decision, Work } from '../shared/shards/transfers.ts';

type Txn = Work['txn'];

/** What nodes tell each other (Bernstein, Hadzilacos and Goodman 1987, §7.4, figure 7.3). */
export type Message =
  /** The coordinator asks for a vote. */
  | { readonly type: 'vote-request'; readonly work: Work }
  /** `balances`: what a read has found. */
  | { readonly type: 'vote'; readonly txn: Txn; readonly vote: 'yes' | 'no'; readonly balances?: Balances }
  | { readonly type: 'decision'; readonly txn: Txn; readonly decision: Decision }
  /** The decision is known here for good. */
  | { readonly type: 'done'; readonly txn: Txn }
  /** The sender has voted yes and wants to know what came of it. */
  | { readonly type: 'inquiry'; readonly txn: Txn; readonly coordinator: NodeId };

/** What stands in a node's file, in the order in which it happened. */
export type LogRecord =
  | {
      readonly what: 'yes';
      readonly txn: Txn;
      readonly time: number;
      readonly work: Work;
      readonly coordinator: NodeId;
    }
  | { readonly what: 'no' | Decision; readonly txn: Txn; readonly time: number }
  /** As coordinator: decided to commit, and whom to tell; all of them know. */
  | {
      readonly what: 'decided';
      readonly txn: Txn;
      readonly time: number;
      readonly participants: readonly NodeId[];
    }
  | { readonly what: 'end'; readonly txn: Txn };
