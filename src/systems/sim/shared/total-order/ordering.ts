import type { NodeId } from '../../../../faults/fault.ts';
import { type Item, isLeader, type TotalOrderMessage, type TotalOrderState, waitAnew } from './state.ts';

/** Items in one message, at most. */
const BATCH = 200;

type Message<P, T extends string> = Extract<TotalOrderMessage<P>, { type: T }>;

/** As leader: gives the item the next place, unless it has one, and tells the followers (Liskov and Cowling 2012, §4.1, 2-3). */
export function order<P>(state: TotalOrderState<P>, item: Item<P>): void {
  if (state.ordered.has(item.id)) return;
  state.ordered.add(item.id);
  const start = state.log.push(item) - 1;
  for (const peer of state.context.peers) prepare(state, peer, start, [item]);
  commit(state);
}

/** As leader: sends each follower what it has not acknowledged, as a heartbeat if nothing. */
export function prepareAll<P>(state: TotalOrderState<P>): void {
  for (const peer of state.context.peers) {
    const start = state.acknowledged.get(peer) ?? state.delivered;
    prepare(state, peer, start, state.log.slice(start, start + BATCH));
  }
}

function prepare<P>(
  { context, view, delivered }: TotalOrderState<P>,
  to: NodeId,
  start: number,
  items: readonly Item<P>[],
): void {
  context.send(to, { type: 'prepare', view, start, items, committed: delivered });
}

/** As follower in this view: adds what follows its log, delivers what is committed, tells how far it has come (§4.1, 4 and 7). */
export function onPrepare<P>(
  state: TotalOrderState<P>,
  from: NodeId,
  { view, start, items, committed }: Message<P, 'prepare'>,
): void {
  waitAnew(state);
  const { log, unapplied } = state;
  const follows = start <= log.length + unapplied.length;
  const fresh = items.slice(Math.max(0, log.length + unapplied.length - start));
  // Acknowledged, but put aside until it is committed: who is promoted before that lacks what it has promised.
  const to = state.options.bugs.has('acks-before-apply') ? unapplied : log;
  if (follows) to.push(...fresh);
  log.push(...unapplied.splice(0, committed - log.length));
  // It has it, but a majority may not: the next leader can put something else in its place.
  deliverUpTo(state, state.options.bugs.has('delivers-on-receipt') ? log.length : committed);
  state.context.send(from, { type: 'prepared', view, length: log.length + unapplied.length });
}

/** As leader of this view: a follower has got so far. */
export function onPrepared<P>(
  state: TotalOrderState<P>,
  from: NodeId,
  { length }: Message<P, 'prepared'>,
): void {
  state.acknowledged.set(from, Math.max(length, state.acknowledged.get(from) ?? 0));
  commit(state);
}

/** As leader: what a majority has, itself among them, is committed (§4.1, 5). */
function commit<P>(state: TotalOrderState<P>): void {
  if (!isLeader(state)) return;
  const lengths = state.context.peers.map((peer) => state.acknowledged.get(peer) ?? 0);
  lengths.push(state.log.length);
  lengths.sort((a, b) => b - a);
  deliverUpTo(state, lengths[state.majority - 1]!);
}

export function deliverUpTo<P>(state: TotalOrderState<P>, committed: number): void {
  const { log, own, options } = state;
  while (state.delivered < Math.min(committed, log.length)) {
    const item = log[state.delivered++]!;
    own.delete(item.id);
    options.deliver(item);
  }
}
