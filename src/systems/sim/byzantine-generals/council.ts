import type { NodeId } from '../../../faults/fault.ts';
import type { Order } from './order.ts';

/** One decision: a commander gives an order, the lieutenants tell each other what they heard, and each decides. */
export interface Council {
  readonly number: number;
  readonly commander: NodeId;
  /** All generals. */
  readonly generals: readonly NodeId[];
}

/** How one lieutenant goes about a council. Messages come from anybody and may be anything. */
export interface Deliberation<M> {
  /** A message that came in this round of the council, counted from 0. False if it is not worth a look. */
  hear(from: NodeId, message: M, round: number): boolean;
  /** What is to be told to whom at the beginning of a round after the first. */
  tell(round: number): readonly (readonly [to: NodeId, message: M])[];
  decide(): Order;
}

/** An algorithm for generals some of whom are traitors. */
export interface Algorithm<M> {
  /** Rounds of messages. */
  readonly rounds: number;
  /** The number of the council that a message belongs to. */
  councilOf(message: M): unknown;
  /** What the commander sends to each lieutenant. */
  command(council: Council, order: Order): M;
  deliberation(council: Council, me: NodeId): Deliberation<M>;
}
