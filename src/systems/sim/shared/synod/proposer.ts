import type { NodeId } from '../../../../faults/fault.ts';
import type { Proposal } from './acceptor.ts';
import { type Ballot, isAbove, NO_BALLOT } from './ballot.ts';

/** A node's attempt to have something decided: ballot after ballot until one succeeds. */
export interface Proposer {
  /** What it would like to be decided. */
  readonly own: unknown;
  /** Phases 1 and 2. */
  phase: 'prepare' | 'accept';
  ballot: Ballot;
  /** The nodes that have answered in this phase. */
  answered: Set<NodeId>;
  /** Phase 1: the accepted proposal with the highest ballot among those reported. */
  found: Proposal | null;
  /** Phase 2: what it proposes. */
  value: unknown;
  /** Some acceptor has promised a higher ballot than this one. */
  outbid: boolean;
  /** How often that happened, and the highest round that was met. */
  failures: number;
  highestMet: number;
}

export function newProposer(own: unknown): Proposer {
  return {
    own,
    phase: 'prepare',
    ballot: NO_BALLOT,
    answered: new Set(),
    found: null,
    value: null,
    outbid: false,
    failures: 0,
    highestMet: 0,
  };
}

/** Begins a ballot with phase 1. */
export function begin(proposer: Proposer, ballot: Ballot): void {
  proposer.phase = 'prepare';
  proposer.ballot = ballot;
  proposer.answered = new Set();
  proposer.found = null;
  proposer.outbid = false;
}

/** A promise for the present ballot, with what its sender has accepted so far. */
export function notePromise(proposer: Proposer, from: NodeId, accepted: Proposal | null): void {
  proposer.answered.add(from);
  const { found } = proposer;
  if (accepted !== null && (found === null || isAbove(accepted.ballot, found.ballot)))
    proposer.found = accepted;
}

/** A majority has promised: goes to phase 2 with the only value that is safe to propose (Lamport 2001, §2.2, P2c). */
export function propose(proposer: Proposer, bugs: ReadonlySet<string>): void {
  const { found, own } = proposer;
  // What somebody has accepted may be decided already, so it takes precedence over one's own wish.
  proposer.value = found === null || bugs.has('keeps-own-value') ? own : found.value;
  proposer.phase = 'accept';
  proposer.answered = new Set();
}
