import type { NodeId } from '../../../faults/fault.ts';
import type { Nanos } from '../../../world/nanos.ts';
import type { NodeContext, RequestId } from '../../../world/node-program.ts';
import type { Operation } from '../shared/state-machine.ts';
import type { Bugs } from './bugs.ts';
import type { Journal } from './journal.ts';
import type { Log } from './log.ts';
import type { Message, Snapshot } from './messages.ts';
import type { ReplicatedState } from './replicated-state.ts';
import type { Settings } from './settings.ts';

export type Role = 'follower' | 'pre-candidate' | 'candidate' | 'leader';

/** All that a node knows (Ongaro 2014, figure 3.1): plain data, changed by the functions of the other files. */
export interface RaftNode {
  readonly context: NodeContext<Message>;
  readonly settings: Settings;
  readonly bugs: Bugs;
  readonly journal: Journal;

  term: number;
  votedFor: NodeId | null;
  readonly log: Log;
  /** The latest snapshot that lasts. */
  snapshot: Snapshot | null;
  /** The members by the latest configuration in the log, and the index of that entry. */
  voters: readonly NodeId[];
  votersIndex: number;

  commitIndex: number;
  appliedIndex: number;
  state: ReplicatedState;

  role: Role;
  leader: NodeId | null;
  /** When a leader was last heard; monotonic time. */
  leaderHeardAt: Nanos;
  /** Since when there has been neither a leader nor a candidate to vote for; monotonic time. */
  quietSince: Nanos;
  /** This time's draw. */
  electionTimeout: Nanos;
  /** Who voted for this candidate or pre-candidate. */
  readonly votes: Set<NodeId>;
  /** Votes given that may be told once they last, in the order in which they were given. */
  readonly promises: VotePromise[];

  /** As a follower: up to here the log equals the leader's; what of it was acknowledged; the latest round heard of. */
  matchedIndex: number;
  acknowledgedIndex: number;
  heardRound: number;

  leadership: Leadership | null;
}

export interface VotePromise {
  readonly to: NodeId;
  readonly term: number;
  /** The number of the journal's change that must last first. */
  readonly recorded: number;
}

/** What only a leader knows. */
export interface Leadership {
  /** Its reads see at least the state as of this entry, the first of its term. */
  readonly firstIndex: number;
  /** One for every other node: those that are no members get the log too, and count for nothing. */
  readonly progress: ReadonlyMap<NodeId, Progress>;
  /** Requests whose entry is in the log and not applied yet, by index. */
  readonly pending: Map<number, RequestId>;
  /** Reads that wait for their round, oldest first. */
  readonly reads: Read[];
  /** The latest read round begun, and the latest that a majority confirmed. */
  round: number;
  confirmedRound: number;
}

/** How far one other node has come. */
export interface Progress {
  readonly peer: NodeId;
  /**
   * `replicate`: entries are sent as they come, without waiting for answers; `probe`: one message at a time, to find
   * where the logs part; `install`: it lacks entries that are no longer in the log, and was sent the snapshot.
   */
  mode: 'replicate' | 'probe' | 'install';
  /** The next entry to send. */
  next: number;
  /** Up to here its log on disk is known to equal the leader's. */
  match: number;
  /** The latest read round it confirmed. */
  round: number;
  heardAt: Nanos;
  installSentAt: Nanos;
}

export interface Read {
  readonly request: RequestId;
  readonly operation: Operation;
  /** It sees at least the state as of this entry. */
  readonly index: number;
  /** It may be answered once this round is confirmed. */
  readonly round: number;
}

/** The least number of members that is a majority. */
export function quorum(voters: readonly NodeId[]): number {
  return (voters.length >> 1) + 1;
}

/** The greatest number that a majority of the members, or of these nodes, has reached; `own` is what this node has. */
export function quorumReached(
  { context, leadership, voters: members }: RaftNode,
  own: number,
  of: (progress: Progress) => number,
  voters: readonly NodeId[] = members,
): number {
  // Asked at almost every message, so it sorts by insertion, into an array that stays.
  for (let i = 0; i < voters.length; i++) {
    const voter = voters[i]!;
    const value = voter === context.id ? own : of(leadership!.progress.get(voter)!);
    let at = i;
    while (at > 0 && descending[at - 1]! < value) {
      descending[at] = descending[at - 1]!;
      at--;
    }
    descending[at] = value;
  }
  return descending[quorum(voters) - 1]!;
}

const descending: number[] = [];

/** When the leader last heard a majority of the members, or of these nodes. */
export function quorumHeardAt(node: RaftNode, now: Nanos, voters?: readonly NodeId[]): Nanos {
  return quorumReached(node, now, heardOf, voters);
}

const heardOf = (progress: Progress): Nanos => progress.heardAt;
