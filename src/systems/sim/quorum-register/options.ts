import type { Nanos } from '../../../world/nanos.ts';

/** How a register is replicated. Times in nanoseconds. */
export interface QuorumOptions {
  readonly bugs: ReadonlySet<string>;
  /** Replicas of a key (n); 0: every node. */
  readonly replicas: number;
  /** Replicas that a read asks, and that a write is stored at, before it ends; 0: a majority of them. */
  readonly r: number;
  readonly w: number;
  /** Whether a read stores what it returns at w replicas first, which makes the register atomic. */
  readonly writeBack: boolean;
  /** What to do when too few replicas have answered in time: refuse to go on, or go on with what there is. */
  readonly tooFew: 'refuse' | 'go-on';
  /** After how long that is. */
  readonly patience: Nanos;
  /** Unanswered messages are sent again after this. */
  readonly resend: Nanos;
  /** Mean time between two gossip rounds of a node. */
  readonly gossip: Nanos;
}
