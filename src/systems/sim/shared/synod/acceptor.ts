import { type Ballot, higher, isAbove, NO_BALLOT } from './ballot.ts';

/** A value with the ballot in which it was proposed. */
export interface Proposal {
  readonly ballot: Ballot;
  readonly value: unknown;
}

/** What an acceptor must never forget, for one decision (Lamport 2001, §2.5). */
export interface Acceptor {
  /** The highest ballot that it has answered: it takes no part in lower ones. */
  promised: Ballot;
  /** The proposal of the highest ballot that it has accepted. */
  accepted: Proposal | null;
}

export function newAcceptor(): Acceptor {
  return { promised: NO_BALLOT, accepted: null };
}

/** Phase 1b: promises to accept nothing below `ballot` any more; false if it has promised a higher one (Lamport 2001, §2.2). */
export function promise(acceptor: Acceptor, ballot: Ballot): boolean {
  if (isAbove(acceptor.promised, ballot)) return false;
  acceptor.promised = ballot;
  return true;
}

/** Phase 2b: accepts a proposal unless it has promised a higher ballot (Lamport 2001, §2.2, P1a). */
export function accept(acceptor: Acceptor, proposal: Proposal, bugs: ReadonlySet<string>): boolean {
  // Who takes a lower ballot's value lets a majority come about that a later ballot has ruled out already.
  if (isAbove(acceptor.promised, proposal.ballot) && !bugs.has('accepts-lower-ballot')) return false;
  acceptor.promised = higher(acceptor.promised, proposal.ballot);
  acceptor.accepted = proposal;
  return true;
}
