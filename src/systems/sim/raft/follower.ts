import type { NodeId } from '../../../faults/fault.ts';
import { applyCommitted } from './apply.ts';
import type { Entry } from './entry.ts';
import { firstOfTerm, lastIndex, termAt } from './log.ts';
import type { Append, Appended, Install } from './messages.ts';
import type { RaftNode } from './node.ts';
import { enterTerm, follow } from './role.ts';
import { saveSnapshot } from './snapshot.ts';
import { appendEntry, cutLog } from './write-log.ts';

/** Figure 3.1, AppendEntries, receiver. New entries are acknowledged once they are on disk. */
export function onAppend(node: RaftNode, from: NodeId, message: Append): void {
  if (!hearLeader(node, from, message.term)) return;
  const { log, journal } = node;
  const { prevIndex, prevTerm, entries, commit, round } = message;
  if (round > node.heardRound) node.heardRound = round;
  // What is before the log's base is committed, so the same everywhere.
  if (prevIndex > lastIndex(log) || (prevIndex >= log.baseIndex && termAt(log, prevIndex) !== prevTerm)) {
    refuse(node, from, message);
    return;
  }
  const matched = prevIndex + entries.length;
  writeEntries(node, entries);
  if (node.bugs['truncate-committed'] && lastIndex(log) > matched) cutLog(node, matched + 1);
  if (matched > node.matchedIndex) node.matchedIndex = matched;
  if (Math.min(commit, matched) > node.commitIndex) {
    node.commitIndex = Math.min(commit, matched);
    applyCommitted(node);
  }
  if (entries.length === 0 || matched <= journal.durableIndex) acknowledge(node, round);
}

/** Figure 5.3, InstallSnapshot, receiver: acknowledged once the snapshot has become the node's own. */
export function onInstall(node: RaftNode, from: NodeId, { term, snapshot }: Install): void {
  if (!hearLeader(node, from, term)) return;
  if (snapshot.index > node.commitIndex) {
    saveSnapshot(node, snapshot);
    return;
  }
  // What it covers is committed here too, so it is the same.
  node.matchedIndex = Math.max(node.matchedIndex, snapshot.index);
  acknowledge(node, node.heardRound);
}

/** Acknowledges what has become safe since the last time. */
export function acknowledgeDurable(node: RaftNode): void {
  if (node.role !== 'follower' || node.leader === null) return;
  if (safeIndex(node) > node.acknowledgedIndex) acknowledge(node, node.heardRound);
}

/** Takes the sender for the leader of the current term; false if its term is over. */
function hearLeader(node: RaftNode, from: NodeId, term: number): boolean {
  if (term < node.term) {
    node.context.send(from, answerOf(node, false, 0, 0));
    return false;
  }
  if (term > node.term) enterTerm(node, term);
  if (node.role !== 'follower' || node.leader !== from) follow(node, from);
  node.leaderHeardAt = node.context.monotonic();
  node.quietSince = node.leaderHeardAt;
  return true;
}

/** Adds what the log lacks. Only an entry of another term at the same place is a reason to remove anything. */
function writeEntries(node: RaftNode, entries: readonly Entry[]): void {
  const { log } = node;
  for (const entry of entries) {
    if (entry.index <= log.baseIndex) continue;
    const term = termAt(log, entry.index);
    if (term === entry.term) continue;
    if (term !== -1) cutLog(node, entry.index);
    appendEntry(node, entry);
  }
}

/** Up to here the log on this node's disk is the leader's. */
function safeIndex({ matchedIndex, journal }: RaftNode): number {
  return Math.min(matchedIndex, journal.durableIndex);
}

function acknowledge(node: RaftNode, round: number): void {
  const index = safeIndex(node);
  node.acknowledgedIndex = index;
  node.context.send(node.leader!, answerOf(node, true, index, round));
}

function answerOf({ term }: RaftNode, ok: boolean, index: number, round: number): Appended {
  return { type: 'appended', term, ok, index, conflictIndex: 0, conflictTerm: 0, round };
}

/** Says where the logs may part, so that the leader need not go back entry by entry (§3.5, at its end). */
function refuse(node: RaftNode, from: NodeId, { prevIndex, round }: Append): void {
  const { log, term } = node;
  const last = lastIndex(log);
  const tooShort = prevIndex > last;
  node.context.send(from, {
    type: 'appended',
    term,
    ok: false,
    index: prevIndex,
    conflictIndex: tooShort ? last + 1 : firstOfTerm(log, prevIndex),
    conflictTerm: tooShort ? 0 : termAt(log, prevIndex),
    round,
  });
}
