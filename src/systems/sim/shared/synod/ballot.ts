import type { NodeId } from '../../../../faults/fault.ts';

/** The number of a ballot: no two proposers ever have the same, as their names are part of it (Lamport 1998, §2.1, B1). */
export interface Ballot {
  readonly round: number;
  readonly node: NodeId;
}

/** Below every ballot. */
export const NO_BALLOT: Ballot = { round: 0, node: '' };

export function isAbove(a: Ballot, b: Ballot): boolean {
  return a.round !== b.round ? a.round > b.round : a.node > b.node;
}

export function isSame(a: Ballot, b: Ballot): boolean {
  return a.round === b.round && a.node === b.node;
}

export function higher(a: Ballot, b: Ballot): Ballot {
  return isAbove(b, a) ? b : a;
}
