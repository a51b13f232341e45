import type { Nanos } from '../../../../world/nanos.ts';
import type { Operation } from '../state-machine.ts';
import type { Ballot } from '../synod/ballot.ts';

/** What is decided for a slot of the log. */
export type Value =
  /** Nothing: fills a gap (Lamport 2001, §3). */
  | { readonly type: 'noop' }
  /** A client's request; `sequence` counts that client's requests, so that a retried one is recognised. */
  | {
      readonly type: 'command';
      readonly client: string;
      readonly sequence: number;
      readonly operation: Operation;
    };

/** What an acceptor has accepted for a slot. Immutable. */
export interface Accepted {
  readonly slot: number;
  /** The ballot in which it was proposed. */
  readonly ballot: Ballot;
  readonly value: Value;
  /** It is known to be decided. */
  readonly chosen: boolean;
}

/** Phase 1a for every slot from `from` on (Lamport 2001, §3). */
export interface Prepare {
  readonly type: 'prepare';
  readonly ballot: Ballot;
  readonly from: number;
}

/** Phase 1b, with all that the sender has accepted for those slots. */
export interface Promised {
  readonly type: 'promise';
  readonly ballot: Ballot;
  readonly accepted: readonly Accepted[];
}

/** Phase 2a for some slots, or none: then it is just a heartbeat. */
export interface Accept {
  readonly type: 'accept';
  readonly ballot: Ballot;
  readonly proposals: readonly { readonly slot: number; readonly value: Value }[];
  /** Up to here the sender knows every slot's value to be chosen. */
  readonly chosen: number;
  /** By the leader's clock. */
  readonly sentAt: Nanos;
}

/** Phase 2b; `sentAt` is that of the message that it answers. */
export interface AcceptedAnswer {
  readonly type: 'accepted';
  readonly ballot: Ballot;
  readonly slots: readonly number[];
  readonly sentAt: Nanos;
}

/** The sender has promised a higher ballot. */
export interface Refused {
  readonly type: 'refused';
  readonly ballot: Ballot;
  readonly promised: Ballot;
}

/** The sender doesn't know what is chosen from this slot on. */
export interface Lacks {
  readonly type: 'lacks';
  readonly from: number;
}

export interface Chosen {
  readonly type: 'chosen';
  readonly values: readonly Accepted[];
}

export type Message = Prepare | Promised | Accept | AcceptedAnswer | Refused | Lacks | Chosen;
