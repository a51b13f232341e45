import { compactTo, restartLog, termAt } from './log.ts';
import { findMembers, membersAsOf } from './members.ts';
import type { Snapshot } from './messages.ts';
import type { RaftNode } from './node.ts';
import { decodeState, encodeState } from './replicated-state.ts';

/** Begins to save the state as of the last applied entry, unless a snapshot is being saved (Ongaro 2014, §5.1). */
export function takeSnapshot(node: RaftNode): void {
  const { appliedIndex: index, log, state, bugs } = node;
  if (node.journal.next !== 'append') return;
  saveSnapshot(node, {
    index,
    term: termAt(log, index),
    voters: membersAsOf(node, index).voters,
    state: encodeState(state, bugs['snapshot-drops-dedupe']),
  });
}

/** Begins to save a snapshot, its own or the leader's; a busy journal lets it pass. */
export function saveSnapshot({ journal }: RaftNode, snapshot: Snapshot): void {
  if (journal.next !== 'append') return;
  journal.saving = snapshot;
  journal.next = 'save';
}

/** Takes over a snapshot that has just become safe: a restart would begin with it (figure 5.3, rules 5 to 8). */
export function adoptSnapshot(node: RaftNode, snapshot: Snapshot): void {
  const { log, journal } = node;
  const { index, term } = snapshot;
  node.snapshot = snapshot;
  if (index > node.appliedIndex) {
    node.state = decodeState(snapshot.state);
    node.appliedIndex = index;
    node.commitIndex = Math.max(node.commitIndex, index);
    node.matchedIndex = Math.max(node.matchedIndex, index);
  }
  if (termAt(log, index) === term) {
    // A few entries stay, for followers that lag by less than a snapshot.
    compactTo(log, index - (node.settings['snapshot-every'] >> 2));
    journal.durableIndex = Math.max(journal.durableIndex, index);
  } else {
    restartLog(log, index, term);
    journal.durableIndex = index;
    findMembers(node);
  }
}
