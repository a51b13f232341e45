import type { NodeId } from '../../../../faults/fault.ts';
import { type Ballot, isAbove, isSame } from '../synod/ballot.ts';
import { learnUpTo } from './learner.ts';
import { grantLease, helpsAnother } from './lease.ts';
import type { Accept, Accepted, Prepare, Value } from './messages.ts';
import type { PaxosNode } from './node.ts';
import { recordAccepted, recordPromise } from './records.ts';
import { resign, waitForLeader } from './role.ts';

/** Phase 1b: promises to take part in no lower ballot, in any slot, and says what it has accepted. */
export function onPrepare(node: PaxosNode, from: NodeId, { ballot, from: first }: Prepare): void {
  // Silence: a leader that others still hear must not be overthrown by one that doesn't hear it.
  if (helpsAnother(node, from)) return;
  if (!promise(node, ballot)) {
    node.output.send(from, { type: 'refused', ballot, promised: node.promised });
    return;
  }
  waitForLeader(node);
  const accepted = node.log.slice(first).flatMap((a) => a ?? []);
  node.output.send(from, { type: 'promise', ballot, accepted });
}

/** Promises, unless a higher ballot has the promise already. */
export function promise(node: PaxosNode, ballot: Ballot): boolean {
  if (isAbove(node.promised, ballot)) return false;
  if (isSame(node.promised, ballot)) return true;
  node.promised = ballot;
  recordPromise(node);
  resign(node);
  return true;
}

/** Phase 2b, for each of the slots; and what a learner gathers from it. */
export function onAccept(node: PaxosNode, from: NodeId, message: Accept): void {
  const { ballot, proposals, sentAt } = message;
  if (!promise(node, ballot)) {
    node.output.send(from, { type: 'refused', ballot, promised: node.promised });
    return;
  }
  node.leader = from;
  grantLease(node, from);
  waitForLeader(node);
  for (const { slot, value } of proposals) accept(node, slot, ballot, value);
  node.output.send(from, { type: 'accepted', ballot, slots: proposals.map(({ slot }) => slot), sentAt });
  learnUpTo(node, from, message);
}

/** Takes a proposal of the ballot that it has promised; what is known to be chosen needs no acceptance any more. */
export function accept(node: PaxosNode, slot: number, ballot: Ballot, value: Value): void {
  const known = node.log[slot];
  if (known !== undefined && (known.chosen || isSame(known.ballot, ballot))) return;
  const accepted: Accepted = { slot, ballot, value, chosen: false };
  node.log[slot] = accepted;
  recordAccepted(node, accepted);
}
