import type { NodeContext } from '../../../world/node-program.ts';
import type { Bugs } from './bugs.ts';
import { newJournal } from './journal.ts';
import { compactTo } from './log.ts';
import { findMembers } from './members.ts';
import type { Message } from './messages.ts';
import type { RaftNode } from './node.ts';
import { nothingRecovered, recover } from './recovery.ts';
import { decodeState, emptyState } from './replicated-state.ts';
import type { Settings } from './settings.ts';

/** A node as it starts, with what its disk remembers. Throws when that is damaged. */
export function startNode(context: NodeContext<Message>, settings: Settings, bugs: Bugs): RaftNode {
  const journal = newJournal(context.disk, bugs['log-not-fsynced']);
  const recovered = recover(context.disk);
  const { term, votedFor, log, snapshot } = recovered ?? nothingRecovered();
  const applied = snapshot?.index ?? 0;
  const node: RaftNode = {
    context,
    settings,
    bugs,
    journal,
    term,
    votedFor,
    log,
    snapshot,
    voters: [],
    votersIndex: 0,
    commitIndex: applied,
    appliedIndex: applied,
    state: snapshot === null ? emptyState() : decodeState(snapshot.state),
    role: 'follower',
    leader: null,
    leaderHeardAt: Number.NEGATIVE_INFINITY,
    quietSince: 0,
    electionTimeout: 0,
    votes: new Set(),
    promises: [],
    matchedIndex: 0,
    acknowledgedIndex: 0,
    heardRound: 0,
    leadership: null,
  };
  findMembers(node);
  if (recovered !== null) {
    // What was read may be in the page cache only, and a torn tail may follow it: a new log file settles both, and
    // until it lasts nothing is promised.
    compactTo(log, applied - (settings['snapshot-every'] >> 2));
    journal.term = term;
    journal.votedFor = votedFor;
    journal.recorded = 1;
    journal.next = 'rewrite';
  }
  return node;
}
