import type { NodeId } from '../../../faults/fault.ts';
import type { Decision, Work } from '../shared/shards/transfers.ts';

/** What is broadcast: `node`'s vote, or somebody's no in its name. */
export interface Vote {
  readonly txn: Work['txn'];
  readonly participants: readonly NodeId[];
  readonly node: NodeId;
  readonly vote: 'yes' | 'no';
}

/** The votes on one transaction, as far as they are delivered here. */
export interface Tally {
  readonly yes: Set<NodeId>;
  decision: Decision | null;
  /** Whether this node itself has voted. */
  voted: boolean;
  /** In whose name this node has said no. */
  readonly suspected: Set<NodeId>;
}

export function newTally(): Tally {
  return { yes: new Set(), decision: null, voted: false, suspected: new Set() };
}

/**
 * Counts a vote and returns the decision if it makes it. Of a node the first vote counts: a no after its yes is a
 * suspicion that came too late (Kleppmann 2020, §7.1). Every node counts the same votes in the same order.
 */
export function count(tally: Tally, { participants, node, vote }: Vote): Decision | null {
  if (tally.decision !== null || tally.yes.has(node)) return null;
  if (vote === 'yes') tally.yes.add(node);
  if (vote === 'no') tally.decision = 'abort';
  else if (tally.yes.size === participants.length) tally.decision = 'commit';
  return tally.decision;
}
