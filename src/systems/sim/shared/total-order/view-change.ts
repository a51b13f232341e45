import type { NodeId } from '../../../../faults/fault.ts';
import { deliverUpTo } from './ordering.ts';
import { leaderOf, type TotalOrderMessage, type TotalOrderState, type Vote, waitAnew } from './state.ts';

type Message<P, T extends string> = Extract<TotalOrderMessage<P>, { type: T }>;

/**
 * Leaves the present view for this one: acknowledges nothing in lower ones any more, and gives its log to the new leader
 * (Liskov and Cowling 2012, §4.2, 1-2, without the round that spares needless changes).
 */
export function enterView<P>(state: TotalOrderState<P>, view: number): void {
  state.view = view;
  state.status = 'changing';
  state.votes.clear();
  state.unapplied = [];
  waitAnew(state);
  campaign(state);
}

/** While the view has not begun: makes the others enter it, and votes for its leader. */
export function campaign<P>(state: TotalOrderState<P>): void {
  const { context, view, lastNormal, log, delivered } = state;
  for (const peer of context.peers) context.send(peer, { type: 'change', view });
  const vote: Vote<P> = { type: 'vote', view, lastNormal, log: log.slice(), committed: delivered };
  const leader = leaderOf(state);
  if (leader === context.id) onVote(state, leader, vote);
  else context.send(leader, vote);
}

/** As leader of a view: begins it with the votes of a majority; a late voter is told of it. */
export function onVote<P>(state: TotalOrderState<P>, from: NodeId, vote: Vote<P>): void {
  if (state.status === 'normal') {
    sendStart(state, from, 0);
    return;
  }
  state.votes.set(from, vote);
  if (state.votes.size >= state.majority) beginView(state);
}

/**
 * Takes the most advanced log of a majority: it has all that was ever committed, since every committed item is in the
 * logs of another majority (§4.2, 3, and §4.3).
 */
function beginView<P>(state: TotalOrderState<P>): void {
  const votes = [...state.votes.values()];
  let best = state.votes.get(state.context.id) ?? votes[0]!;
  // Its own log may lack what was committed without it.
  if (!state.options.bugs.has('promoted-behind'))
    for (const vote of votes) if (isAhead(vote, best)) best = vote;
  state.log = best.log.slice();
  state.ordered = new Set(state.log.map(({ id }) => id));
  state.acknowledged.clear();
  beNormal(state);
  for (const peer of state.context.peers) sendStart(state, peer, 0);
  deliverUpTo(state, Math.max(...votes.map(({ committed }) => committed)));
}

function isAhead<P>(a: Vote<P>, b: Vote<P>): boolean {
  return a.lastNormal > b.lastNormal || (a.lastNormal === b.lastNormal && a.log.length > b.log.length);
}

function beNormal<P>(state: TotalOrderState<P>): void {
  state.status = 'normal';
  state.lastNormal = state.view;
  state.unapplied = [];
  state.votes.clear();
  waitAnew(state);
}

function sendStart<P>(
  { context, view, log, delivered }: TotalOrderState<P>,
  to: NodeId,
  start: number,
): void {
  context.send(to, { type: 'start', view, start, items: log.slice(start), committed: delivered });
}

/** As follower of a view that it has not begun: takes the leader's log (§4.2, 5). */
export function onStart<P>(state: TotalOrderState<P>, from: NodeId, message: Message<P, 'start'>): void {
  const { view, start, items, committed } = message;
  if (view === state.view && state.status === 'normal') return;
  state.view = view;
  state.log = [...state.log.slice(0, start), ...items];
  beNormal(state);
  deliverUpTo(state, committed);
  state.context.send(from, { type: 'prepared', view, length: state.log.length });
}

/** A leader is at work in a view that this node has not begun: asks it for the log, as its own may differ (§5.2). */
export function fetchView<P>(state: TotalOrderState<P>, from: NodeId, view: number): void {
  if (view > state.view) {
    state.view = view;
    state.status = 'changing';
    state.votes.clear();
    state.unapplied = [];
  }
  waitAnew(state);
  state.context.send(from, { type: 'fetch', view, delivered: state.delivered });
}

/** As leader of this view: somebody lacks its log. */
export function onFetch<P>(
  state: TotalOrderState<P>,
  from: NodeId,
  { delivered }: Message<P, 'fetch'>,
): void {
  sendStart(state, from, delivered);
}
