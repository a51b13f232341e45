import type { NodeId } from '../../../faults/fault.ts';
import type { Entry } from './entry.ts';

/** RequestVote, or the pre-vote that finds out whether it could succeed (Ongaro 2014, figure 3.1 and §9.6). */
export interface VoteRequest {
  readonly type: 'vote-request';
  /** The term in which the sender is a candidate, or would be. */
  readonly term: number;
  readonly pre: boolean;
  readonly lastIndex: number;
  readonly lastTerm: number;
}

export interface Vote {
  readonly type: 'vote';
  /** Of a granted vote the term of the request, otherwise the voter's. */
  readonly term: number;
  readonly pre: boolean;
  readonly granted: boolean;
}

/** AppendEntries (figure 3.1); also the heartbeat, and the question of a read round. */
export interface Append {
  readonly type: 'append';
  readonly term: number;
  readonly prevIndex: number;
  readonly prevTerm: number;
  readonly entries: readonly Entry[];
  readonly commit: number;
  /** The leader's latest read round (§6.4): whoever answers confirms that it still led when the round began. */
  readonly round: number;
}

export interface Appended {
  readonly type: 'appended';
  readonly term: number;
  readonly ok: boolean;
  /** If ok, up to where the sender's log on its disk equals the leader's; if not, the `prevIndex` that it refused. */
  readonly index: number;
  /** If not ok: where the sender's log may part from the leader's, and the term it has there (0: it ends before). */
  readonly conflictIndex: number;
  readonly conflictTerm: number;
  readonly round: number;
}

/** InstallSnapshot in one piece (figure 5.3). */
export interface Install {
  readonly type: 'install';
  readonly term: number;
  readonly snapshot: Snapshot;
}

export type Message = VoteRequest | Vote | Append | Appended | Install;

/** The state after applying all entries up to `index`. */
export interface Snapshot {
  readonly index: number;
  /** The term of the entry at `index`. */
  readonly term: number;
  /** The members as of `index`. */
  readonly voters: readonly NodeId[];
  /** State machine and dedupe table as JSON text. */
  readonly state: string;
}
