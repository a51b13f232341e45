import type { NodeId } from '../../../../faults/fault.ts';
import type { RequestId } from '../../../../world/node-program.ts';
import { isSame } from '../synod/ballot.ts';
import { accept } from './acceptor.ts';
import { applyChosen, choose } from './learner.ts';
import { grantLease, leaseClock } from './lease.ts';
import type { AcceptedAnswer, Value } from './messages.ts';
import type { Candidacy, Leadership, PaxosNode } from './node.ts';

const NOOP: Value = { type: 'noop' };

/** Phase 1 is done: proposes anew whatever may have been chosen, and fills the gaps (Lamport 2001, §3). */
export function lead(node: PaxosNode, { ballot, from, found }: Candidacy): void {
  const { context, log, bugs } = node;
  // Who looks only at its own log takes slots for free that others have decided, and gives them to new commands.
  const known = bugs.has('gap-filled-with-new-value')
    ? new Map(log.slice(from).flatMap((a) => (a === undefined ? [] : [[a.slot, a]])))
    : found;
  const firstFree = Math.max(from - 1, ...known.keys()) + 1;
  node.candidacy = null;
  node.leader = context.id;
  const leadership: Leadership = {
    ballot,
    firstFree,
    next: firstFree,
    open: new Map(),
    pending: new Map(),
    heard: new Map(),
  };
  node.leadership = leadership;
  context.cancelTimer('election');
  context.trace({ role: 'leader', ballot });
  for (let slot = from; slot < firstFree; slot++) {
    const proposal = known.get(slot);
    if (proposal?.chosen === true) choose(node, proposal);
    else leadership.open.set(slot, { value: proposal?.value ?? NOOP, by: new Set() });
  }
  onHeartbeatTimer(node);
  for (const [slot, { value }] of leadership.open) acceptOwn(node, slot, value);
}

/** Has a value chosen for the next free slot, for a client or for nobody; phase 1 was done once for all. */
export function propose(node: PaxosNode, value: Value, request: RequestId | null): void {
  const leadership = node.leadership!;
  const slot = leadership.next++;
  leadership.open.set(slot, { value, by: new Set() });
  if (request !== null) leadership.pending.set(slot, request);
  for (const peer of node.context.peers) sendAccept(node, peer, [slot]);
  acceptOwn(node, slot, value);
}

/** Lets itself be heard, and asks again for what is not chosen yet. */
export function onHeartbeatTimer(node: PaxosNode): void {
  const { leadership, context } = node;
  if (leadership === null) return;
  grantLease(node, context.id);
  for (const peer of context.peers) {
    const unanswered = [...leadership.open].filter(([, { by }]) => !by.has(peer)).map(([slot]) => slot);
    sendAccept(node, peer, unanswered);
  }
  context.setTimer('heartbeat', node.settings.heartbeat);
}

/** Counts who has accepted what; a majority makes it chosen. */
export function onAccepted(node: PaxosNode, from: NodeId, message: AcceptedAnswer): void {
  const { leadership } = node;
  if (leadership === null || !isSame(leadership.ballot, message.ballot)) return;
  const { heard } = leadership;
  heard.set(from, Math.max(heard.get(from) ?? message.sentAt, message.sentAt));
  for (const slot of message.slots) count(node, leadership, slot, from);
  applyChosen(node);
}

/** The leader is an acceptor too. Its vote counts at once: what follows from it leaves only when the vote is safe. */
function acceptOwn(node: PaxosNode, slot: number, value: Value): void {
  const leadership = node.leadership!;
  accept(node, slot, leadership.ballot, value);
  count(node, leadership, slot, node.context.id);
  applyChosen(node);
}

function count(node: PaxosNode, { ballot, open }: Leadership, slot: number, acceptor: NodeId): void {
  const proposed = open.get(slot);
  if (proposed === undefined) return;
  proposed.by.add(acceptor);
  if (proposed.by.size < node.majority) return;
  open.delete(slot);
  choose(node, { slot, ballot, value: proposed.value, chosen: true });
}

function sendAccept(node: PaxosNode, to: NodeId, slots: readonly number[]): void {
  const { ballot, open } = node.leadership!;
  const proposals = slots.map((slot) => ({ slot, value: open.get(slot)!.value }));
  node.output.send(to, {
    type: 'accept',
    ballot,
    proposals,
    chosen: node.applied,
    sentAt: leaseClock(node),
  });
}
