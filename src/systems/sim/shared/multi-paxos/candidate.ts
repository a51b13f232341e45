import type { NodeId } from '../../../../faults/fault.ts';
import { type Ballot, isAbove, isSame } from '../synod/ballot.ts';
import { promise } from './acceptor.ts';
import { lead } from './leader.ts';
import { helpsAnother } from './lease.ts';
import type { Accepted, Prepare, Promised, Refused } from './messages.ts';
import type { PaxosNode } from './node.ts';
import { resign, waitForLeader } from './role.ts';

/** Nobody was heard to lead for long: asks again for the same ballot, or tries to lead by a new one. */
export function onElectionTimer(node: PaxosNode): void {
  if (node.leadership !== null) return;
  waitForLeader(node);
  if (node.candidacy !== null) ask(node, node.candidacy.ballot, node.candidacy.from);
  else if (!helpsAnother(node, node.context.id)) stand(node);
}

/** Phase 1a, for all slots that are not known to be chosen (Lamport 2001, §3). */
function stand(node: PaxosNode): void {
  const { context, log } = node;
  const round = Math.max(node.promised.round, node.highestMet) + 1;
  const ballot: Ballot = { round, node: context.id };
  // Its own promise is safe before anybody hears of the ballot, so no later life of this node uses that again.
  promise(node, ballot);
  const from = node.applied + 1;
  node.candidacy = { ballot, from, promised: new Set(), found: new Map() };
  ask(node, ballot, from);
  const accepted = log.slice(from).flatMap((a) => a ?? []);
  onPromise(node, context.id, { type: 'promise', ballot, accepted });
}

function ask({ context, output, candidacy }: PaxosNode, ballot: Ballot, from: number): void {
  const prepare: Prepare = { type: 'prepare', ballot, from };
  for (const peer of context.peers) if (!candidacy!.promised.has(peer)) output.send(peer, prepare);
}

/** Gathers what was accepted before; with a majority's promises the node leads. */
export function onPromise(node: PaxosNode, from: NodeId, { ballot, accepted }: Promised): void {
  const { candidacy } = node;
  if (candidacy === null || !isSame(candidacy.ballot, ballot)) return;
  candidacy.promised.add(from);
  for (const proposal of accepted) noteFound(candidacy.found, proposal);
  if (candidacy.promised.size === node.majority) lead(node, candidacy);
}

function noteFound(found: Map<number, Accepted>, proposal: Accepted): void {
  const best = found.get(proposal.slot);
  if (best?.chosen === true) return;
  if (best === undefined || proposal.chosen || isAbove(proposal.ballot, best.ballot))
    found.set(proposal.slot, proposal);
}

/** A higher ballot has been promised somewhere: this one is given up. */
export function onRefused(node: PaxosNode, { ballot, promised }: Refused): void {
  const own = node.leadership?.ballot ?? node.candidacy?.ballot;
  if (own === undefined || !isSame(own, ballot)) return;
  node.highestMet = Math.max(node.highestMet, promised.round);
  resign(node);
}
