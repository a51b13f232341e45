import type { NodeId } from '../../../../faults/fault.ts';
import type { Reply } from '../log-client.ts';
import { performOnce } from '../sessions.ts';
import { isSame } from '../synod/ballot.ts';
import type { Accept, Accepted, Chosen } from './messages.ts';
import type { PaxosNode } from './node.ts';
import { recordAccepted } from './records.ts';

/** Values sent at once to a node that lags. */
const CHUNK = 100;

/** Notes that a slot is decided. */
export function choose(node: PaxosNode, { slot, ballot, value }: Accepted): void {
  const known = node.log[slot];
  if (known?.chosen === true) return;
  const accepted = { slot, ballot, value, chosen: true };
  node.log[slot] = accepted;
  // A decision needs no record where the value has one: it can be learnt again.
  if (known === undefined || !isSame(known.ballot, ballot)) recordAccepted(node, accepted);
}

/** Applies what is chosen, in the order of the slots and up to the first gap, and answers those who wait for it. */
export function applyChosen(node: PaxosNode): void {
  for (let next = node.log[node.applied + 1]; next?.chosen === true; next = node.log[node.applied + 1]) {
    node.applied++;
    apply(node, next);
  }
}

function apply({ machine, sessions, leadership, output }: PaxosNode, { slot, value }: Accepted): void {
  if (value.type === 'noop') return;
  const { client, sequence, operation } = value;
  const answer = performOnce(sessions, client, sequence, () => machine.perform(operation));
  const request = leadership?.pending.get(slot);
  if (request === undefined) return;
  leadership!.pending.delete(slot);
  // A client that has gone on to its next request expects no answer to this one.
  if (answer !== null) output.reply(request, answer satisfies Reply);
}

/** A leader has told up to where it knows the decisions: what was accepted from itself is decided, the rest is asked for. */
export function learnUpTo(node: PaxosNode, leader: NodeId, { ballot, chosen }: Accept): void {
  for (let slot = node.applied + 1; slot <= chosen; slot++) {
    const accepted = node.log[slot];
    if (accepted === undefined) continue;
    // What was accepted in another ballot need not be what was decided in the end.
    if (isSame(accepted.ballot, ballot) || node.bugs.has('commits-other-ballot')) choose(node, accepted);
  }
  applyChosen(node);
  if (node.applied < chosen) askForChosen(node, leader);
}

function askForChosen(node: PaxosNode, leader: NodeId): void {
  const now = node.context.monotonic();
  if (now - node.lackedAt < node.settings.heartbeat) return;
  node.lackedAt = now;
  node.output.send(leader, { type: 'lacks', from: node.applied + 1 });
}

/** Sends what is chosen from a slot on, a part of it where that is much. */
export function onLacks(node: PaxosNode, to: NodeId, from: number): void {
  const until = Math.min(node.applied, from + CHUNK - 1);
  const values = node.log.slice(from, until + 1) as Accepted[];
  if (values.length > 0) node.output.send(to, { type: 'chosen', values });
}

export function onChosen(node: PaxosNode, from: NodeId, { values }: Chosen): void {
  for (const accepted of values) choose(node, accepted);
  applyChosen(node);
  // More than a part was lacking: the rest is asked for at once.
  if (values.length === CHUNK && node.log[node.applied] === values[CHUNK - 1])
    node.output.send(from, { type: 'lacks', from: node.applied + 1 });
}
