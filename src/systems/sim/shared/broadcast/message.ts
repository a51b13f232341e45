import type { NodeId } from '../../../../faults/fault.ts';

/** What a message carries. One without a value is no client's: it only tells something to the nodes. */
export interface Payload {
  readonly value?: unknown;
}

/** A message that is broadcast: the `n`th of its origin, from 1 on, and so unique. */
export interface Message<P> {
  readonly origin: NodeId;
  readonly n: number;
  readonly payload: P;
}

export function idOf({ origin, n }: Message<unknown>): string {
  return `${origin}.${n}`;
}
