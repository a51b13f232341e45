import type { NodeId } from '../../../faults/fault.ts';
import type { Reply } from '../shared/log-client.ts';
import { recordTerm } from './journal.ts';
import type { RaftNode } from './node.ts';

/** Writes down the current term and vote; they last once the journal has come to this change. */
export function recordVote(node: RaftNode): void {
  if (node.bugs['vote-not-persisted']) return;
  recordTerm(node.journal, node.term, node.votedFor);
}

/** Goes to a term that somebody else began (figure 3.1, rules for all servers). */
export function enterTerm(node: RaftNode, term: number): void {
  node.term = term;
  node.votedFor = null;
  recordVote(node);
  follow(node, null);
}

/** Becomes a follower in the current term, of `leader` if it is known. */
export function follow(node: RaftNode, leader: NodeId | null): void {
  if (node.leadership !== null) abdicate(node);
  if (node.leader !== leader || leader === null) {
    node.matchedIndex = 0;
    node.acknowledgedIndex = 0;
    node.heardRound = 0;
  }
  node.role = 'follower';
  node.leader = leader;
  node.votes.clear();
}

/** Draws a new election time-out and begins to wait anew. */
export function waitForLeader(node: RaftNode): void {
  const { context, settings } = node;
  const shortest = settings['election-timeout'];
  node.quietSince = context.monotonic();
  node.electionTimeout = context.random.between(shortest, 2 * shortest);
  context.setTimer('election', node.electionTimeout);
}

/** Sends the waiting clients away: their writes may yet be committed by a later leader, their reads had no effect. */
function abdicate(node: RaftNode): void {
  const { context } = node;
  const { pending, reads } = node.leadership!;
  node.leadership = null;
  context.cancelTimer('heartbeat');
  waitForLeader(node);
  for (const request of pending.values()) context.reply(request, { type: 'unknown' } satisfies Reply);
  for (const { request } of reads)
    context.reply(request, { type: 'not-leader', leader: null } satisfies Reply);
  context.trace({ role: 'follower', term: node.term });
}
