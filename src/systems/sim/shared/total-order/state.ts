import type { NodeId } from '../../../../faults/fault.ts';
import type { Nanos } from '../../../../world/nanos.ts';
import type { NodeContext } from '../../../../world/node-program.ts';

/** What is broadcast: its id is unique, so that however often it is submitted it is ordered once. */
export interface Item<P> {
  readonly id: string;
  readonly payload: P;
}

export type TotalOrderMessage<P> =
  /** Please order this. */
  | { readonly type: 'submit'; readonly item: Item<P> }
  /** The leader's items from place `start` on, and how many are committed; empty as a heartbeat. */
  | {
      readonly type: 'prepare';
      readonly view: number;
      readonly start: number;
      readonly items: readonly Item<P>[];
      readonly committed: number;
    }
  /** The sender has the first `length` items of the view's log. */
  | { readonly type: 'prepared'; readonly view: number; readonly length: number }
  /** The sender has left the views below this one. */
  | { readonly type: 'change'; readonly view: number }
  | Vote<P>
  /** The log with which a view begins, from place `start` on: all before is committed. */
  | {
      readonly type: 'start';
      readonly view: number;
      readonly start: number;
      readonly items: readonly Item<P>[];
      readonly committed: number;
    }
  /** The sender missed the start of the view; it has delivered `delivered` items. */
  | { readonly type: 'fetch'; readonly view: number; readonly delivered: number };

/** To the leader of a new view: the sender's log, and the last view in which that was the leader's. */
export interface Vote<P> {
  readonly type: 'vote';
  readonly view: number;
  readonly lastNormal: number;
  readonly log: readonly Item<P>[];
  readonly committed: number;
}

export interface TotalOrderOptions<P> {
  /** How often a leader is heard of, and unanswered messages are sent again. */
  readonly heartbeat: Nanos;
  /** A node that hears of no leader for so long, or up to twice as long, goes to the next view; null: the first leads for ever. */
  readonly suspectAfter: Nanos | null;
  /** Mistakes: `promoted-behind`, `acks-before-apply`, `delivers-on-receipt`. */
  readonly bugs: ReadonlySet<string>;
  /** Called for each item, on every node in the same order. */
  deliver(item: Item<P>): void;
}

/** All that a node knows of the broadcast. In memory only: who crashes does not come back. */
export interface TotalOrderState<P> {
  readonly context: NodeContext<TotalOrderMessage<P>>;
  readonly options: TotalOrderOptions<P>;
  /** In alphabetical order; views go round among them. */
  readonly nodes: readonly NodeId[];
  readonly majority: number;
  view: number;
  /** `changing`: the log is not yet the one of this view. */
  status: 'normal' | 'changing';
  /** The last view in which this node's status was normal. */
  lastNormal: number;
  log: Item<P>[];
  /** Of the mistake `acks-before-apply`: acknowledged, but not in the log yet. */
  unapplied: Item<P>[];
  /** The first so many items of the log are committed and delivered. */
  delivered: number;
  /** When the leader was last heard, or the present view was entered; monotonic. */
  heardAt: Nanos;
  patience: Nanos;
  /** As leader: how many items each follower has, and the ids of all that is in the log. */
  acknowledged: Map<NodeId, number>;
  ordered: Set<string>;
  /** As leader of a view that has not begun. */
  votes: Map<NodeId, Vote<P>>;
  /** Submitted here and not delivered yet. */
  readonly own: Map<string, Item<P>>;
  /** Items made here. */
  made: number;
}

export function leaderOf<P>({ nodes, view }: TotalOrderState<P>): NodeId {
  return nodes[view % nodes.length]!;
}

export function isLeader<P>(state: TotalOrderState<P>): boolean {
  return state.status === 'normal' && leaderOf(state) === state.context.id;
}

/** A leader has just been heard of, or a new view is given its chance. */
export function waitAnew<P>(state: TotalOrderState<P>): void {
  const { context, options } = state;
  state.heardAt = context.monotonic();
  const shortest = options.suspectAfter ?? 0;
  state.patience = shortest + context.random.int(shortest + 1);
}
