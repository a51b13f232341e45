import type { NodeId } from '../../../../faults/fault.ts';
import type { NodeContext } from '../../../../world/node-program.ts';
import { onPrepare, onPrepared, order, prepareAll } from './ordering.ts';
import {
  type Item,
  isLeader,
  leaderOf,
  type TotalOrderMessage,
  type TotalOrderOptions,
  type TotalOrderState,
  waitAnew,
} from './state.ts';
import { campaign, enterView, fetchView, onFetch, onStart, onVote } from './view-change.ts';

/** The only timer that it uses. */
export const TOTAL_ORDER_TIMER = 'total-order';

/**
 * Total-order broadcast by a leader: every node delivers the same items in the same order, each once. The leader gives
 * each item its place and commits it when a majority has it; when nobody hears of the leader, the next node in turn
 * takes over with the most advanced log of a majority. That is Viewstamped Replication (Oki and Liskov 1988; Liskov and
 * Cowling 2012) without its recovery: it bears fair-loss links and any timing, and the crash for good of a minority.
 */
export class TotalOrder<P> {
  private readonly state: TotalOrderState<P>;

  constructor(context: NodeContext<TotalOrderMessage<P>>, options: TotalOrderOptions<P>) {
    const nodes = [context.id, ...context.peers].sort();
    this.state = {
      context,
      options,
      nodes,
      majority: Math.floor(nodes.length / 2) + 1,
      view: 0,
      status: 'normal',
      lastNormal: 0,
      log: [],
      unapplied: [],
      delivered: 0,
      heardAt: 0,
      patience: 0,
      acknowledged: new Map(),
      ordered: new Set(),
      votes: new Map(),
      own: new Map(),
      made: 0,
    };
  }

  start(): void {
    waitAnew(this.state);
    this.tickLater();
  }

  /** Whether this node believes itself leader: another may have taken over without its hearing. */
  get leads(): boolean {
    return isLeader(this.state);
  }

  /** The leader as far as this node knows. */
  get leader(): NodeId | null {
    return this.state.status === 'normal' ? leaderOf(this.state) : null;
  }

  /** Whether everything in this node's log is delivered. */
  get settled(): boolean {
    return this.state.delivered === this.state.log.length;
  }

  /** Has this delivered on every node, sooner or later, unless this node crashes. Returns the id of the item. */
  broadcast(payload: P): string {
    const item = this.newItem(payload);
    this.state.own.set(item.id, item);
    this.submit(item);
    return item.id;
  }

  /** As leader: puts this in the next place. Whether it is ever delivered is the next leader's affair if this one falls. */
  order(payload: P): string {
    const item = this.newItem(payload);
    order(this.state, item);
    return item.id;
  }

  onMessage(from: NodeId, message: TotalOrderMessage<P>): void {
    const { state } = this;
    if (message.type === 'submit') {
      if (isLeader(state)) order(state, message.item);
      return;
    }
    const { type, view } = message;
    if (view < state.view) return;
    if (type === 'start') {
      onStart(state, from, message);
    } else if (type === 'prepare') {
      if (view === state.view && state.status === 'normal') onPrepare(state, from, message);
      else fetchView(state, from, view);
    } else if (type === 'change' || type === 'vote') {
      if (view > state.view) enterView(state, view);
      if (type === 'vote' && leaderOf(state) === state.context.id) onVote(state, from, message);
    } else if (view === state.view && isLeader(state)) {
      if (type === 'prepared') onPrepared(state, from, message);
      else onFetch(state, from, message);
    }
  }

  /** Call it when `TOTAL_ORDER_TIMER` goes off. */
  onTimer(): void {
    const { state } = this;
    const { context, options } = state;
    this.tickLater();
    for (const item of state.own.values()) this.submit(item);
    const silent = context.monotonic() - state.heardAt;
    if (isLeader(state)) prepareAll(state);
    else if (options.suspectAfter !== null && silent > state.patience) enterView(state, state.view + 1);
    else if (state.status === 'changing') campaign(state);
  }

  private newItem(payload: P): Item<P> {
    return { id: `${this.state.context.id}.${++this.state.made}`, payload };
  }

  private submit(item: Item<P>): void {
    const { state } = this;
    if (isLeader(state)) order(state, item);
    else if (state.status === 'normal') state.context.send(leaderOf(state), { type: 'submit', item });
  }

  private tickLater(): void {
    this.state.context.setTimer(TOTAL_ORDER_TIMER, this.state.options.heartbeat);
  }
}
