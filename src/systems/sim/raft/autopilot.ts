import type { NodeId } from '../../../faults/fault.ts';
import type { Nanos } from '../../../world/nanos.ts';
import { type Leadership, quorumHeardAt, type RaftNode } from './node.ts';
import { LEAST_MEMBERS } from './settings.ts';
import { propose } from './write-log.ts';

/**
 * As leader: removes a member that has been silent for long, or adds a node that answers again and has caught up; one
 * server at a time, so that any majorities of the old and the new membership overlap (Ongaro 2014, §4.1).
 */
export function proposeChange(node: RaftNode, now: Nanos): void {
  if (!mayChange(node, node.leadership!)) return;
  const voters = changed(node, node.leadership!, now);
  if (voters === null) return;
  propose(node, { type: 'members', voters });
  node.context.trace({ members: voters, term: node.term });
}

/**
 * The previous change must be committed, and so must an entry of the leader's own term, or a change that another leader
 * began may be under way unseen (Ongaro 2015, raft-dev, "bug in single-server membership changes").
 */
function mayChange(node: RaftNode, leadership: Leadership): boolean {
  if (node.bugs['two-membership-changes']) return true;
  return node.votersIndex <= node.commitIndex && node.commitIndex >= leadership.firstIndex;
}

/** The next membership, or null when there is nothing to change. */
function changed(node: RaftNode, { progress }: Leadership, now: Nanos): NodeId[] | null {
  const { voters, settings, commitIndex } = node;
  for (const { peer, heardAt, match } of progress.values()) {
    const silent = now - heardAt;
    const isMember = voters.includes(peer);
    if (isMember && silent > settings['remove-after'] && voters.length > LEAST_MEMBERS) {
      const left = voters.filter((voter) => voter !== peer);
      if (canCommit(node, left, now)) return left;
    }
    if (!isMember && silent < settings['election-timeout'] && match >= commitIndex)
      return [...voters, peer].sort();
  }
  return null;
}

/**
 * A membership counts as soon as it is written, so one whose majority does not answer could neither be committed nor be
 * left again, even when the removed node comes back.
 */
function canCommit(node: RaftNode, voters: readonly NodeId[], now: Nanos): boolean {
  if (node.bugs['two-membership-changes']) return true;
  return now - quorumHeardAt(node, now, voters) < node.settings['election-timeout'];
}
