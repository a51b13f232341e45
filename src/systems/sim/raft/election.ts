import type { NodeId } from '../../../faults/fault.ts';
import { lead } from './leadership.ts';
import { lastIndex, lastTerm } from './log.ts';
import type { Vote, VoteRequest } from './messages.ts';
import { quorum, type RaftNode } from './node.ts';
import { enterTerm, follow, recordVote, waitForLeader } from './role.ts';

/** The election timer went off: stands for election, unless a leader was heard meanwhile. */
export function onElectionTimer(node: RaftNode): void {
  if (node.role === 'leader') return;
  const left = node.quietSince + node.electionTimeout - node.context.monotonic();
  if (left > 0) {
    node.context.setTimer('election', left);
    return;
  }
  waitForLeader(node);
  // One who knows that it was removed keeps quiet; before that commit it may be needed (Ongaro 2014, §4.2.2).
  if (!node.voters.includes(node.context.id) && node.votersIndex <= node.commitIndex) return;
  follow(node, null);
  node.role = 'pre-candidate';
  requestVotes(node);
}

/** Answers a candidate; a granted vote is told once it is on disk (figure 3.1, RequestVote). */
export function onVoteRequest(node: RaftNode, from: NodeId, request: VoteRequest): void {
  const { term, pre } = request;
  if (term > node.term && hearsLeader(node)) {
    refuse(node, from, pre);
    return;
  }
  if (term > node.term && !pre) enterTerm(node, term);
  const free = pre ? term > node.term : term === node.term && (node.votedFor ?? from) === from;
  if (!free || !isUpToDate(node, request)) {
    refuse(node, from, pre);
  } else if (pre) {
    node.context.send(from, { type: 'vote', term, pre, granted: true });
  } else {
    if (node.votedFor === null) {
      node.votedFor = from;
      recordVote(node);
    }
    waitForLeader(node);
    node.promises.push({ to: from, term, recorded: node.journal.recorded });
  }
}

/** Counts a vote. */
export function onVote(node: RaftNode, from: NodeId, { term, pre, granted }: Vote): void {
  if (!granted) {
    if (term > node.term) enterTerm(node, term);
    return;
  }
  const wanted = pre
    ? node.role === 'pre-candidate' && term === node.term + 1
    : node.role === 'candidate' && term === node.term;
  if (wanted) count(node, from);
}

/** Tells of the votes that have become safe, a candidate's own among them. */
export function keepPromises(node: RaftNode): void {
  const { promises, journal, context } = node;
  while (promises.length > 0 && promises[0]!.recorded <= journal.durable) {
    const { to, term } = promises.shift()!;
    if (term !== node.term) continue;
    if (to !== context.id) context.send(to, { type: 'vote', term, pre: false, granted: true });
    else if (node.role === 'candidate') requestVotes(node);
  }
}

/** A leader was heard less than the shortest election time-out ago: candidates are refused (§4.2.3). */
function hearsLeader(node: RaftNode): boolean {
  if (node.role === 'leader') return true;
  return node.context.monotonic() - node.leaderHeardAt < node.settings['election-timeout'];
}

/** Whether the candidate's log has all that may be committed (§3.6.1). */
function isUpToDate({ log, bugs }: RaftNode, candidate: VoteRequest): boolean {
  if (bugs['no-up-to-date-check']) return true;
  const ours = lastTerm(log);
  return candidate.lastTerm > ours || (candidate.lastTerm === ours && candidate.lastIndex >= lastIndex(log));
}

function refuse(node: RaftNode, candidate: NodeId, pre: boolean): void {
  node.context.send(candidate, { type: 'vote', term: node.term, pre, granted: false });
}

/** Votes for itself in a new term; nobody is asked before that is on disk. */
function stand(node: RaftNode): void {
  node.term++;
  node.votedFor = node.context.id;
  recordVote(node);
  node.role = 'candidate';
  node.votes.clear();
  waitForLeader(node);
  node.promises.push({ to: node.context.id, term: node.term, recorded: node.journal.recorded });
}

function requestVotes(node: RaftNode): void {
  const { context, log, role, term } = node;
  const pre = role === 'pre-candidate';
  const request: VoteRequest = {
    type: 'vote-request',
    term: pre ? term + 1 : term,
    pre,
    lastIndex: lastIndex(log),
    lastTerm: lastTerm(log),
  };
  for (const peer of context.peers) context.send(peer, request);
  count(node, context.id);
}

function count(node: RaftNode, voter: NodeId): void {
  const { votes, voters } = node;
  votes.add(voter);
  let granted = 0;
  for (const member of voters) if (votes.has(member)) granted++;
  if (granted < quorum(voters)) return;
  if (node.role === 'pre-candidate') stand(node);
  else lead(node);
}
