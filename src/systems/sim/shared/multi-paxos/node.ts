import type { NodeId } from '../../../../faults/fault.ts';
import type { Nanos } from '../../../../world/nanos.ts';
import type { NodeContext, RequestId } from '../../../../world/node-program.ts';
import type { OutputCommit } from '../output-commit.ts';
import type { Sessions } from '../sessions.ts';
import type { Answer, Operation } from '../state-machine.ts';
import { type Ballot, NO_BALLOT } from '../synod/ballot.ts';
import type { Accepted, Message, Value } from './messages.ts';
import type { Settings } from './settings.ts';

/** What the log is for. Deterministic, so that every replica comes to the same state and answers. */
export interface StateMachine {
  perform(operation: Operation): Answer;
}

/** All that a node knows, changed by the functions of the other files. */
export interface PaxosNode {
  readonly context: NodeContext<Message>;
  readonly output: OutputCommit<Message>;
  readonly settings: Settings;
  readonly bugs: ReadonlySet<string>;
  readonly machine: StateMachine;
  readonly sessions: Sessions<Answer>;
  readonly majority: number;

  /** As acceptor: one promise for all slots, and what it has accepted, by slot; slot 0 doesn't exist. */
  promised: Ballot;
  readonly log: (Accepted | undefined)[];
  /** Whom it helps to stay leader, until when by its clock. */
  lease: { readonly holder: NodeId; readonly until: Nanos };

  /** As learner: every slot up to here is chosen and applied. */
  applied: number;
  /** When it last asked for what it lacks; monotonic time. */
  lackedAt: Nanos;

  /** Whom it last heard lead, if nobody has promised to overthrow that one since. */
  leader: NodeId | null;
  /** The highest round that it was refused for. */
  highestMet: number;
  candidacy: Candidacy | null;
  leadership: Leadership | null;
}

/** Phase 1 under way. */
export interface Candidacy {
  readonly ballot: Ballot;
  /** The first slot that it doesn't know to be chosen. */
  readonly from: number;
  readonly promised: Set<NodeId>;
  /** Of what the promises report, the proposal with the highest ballot for each slot. */
  readonly found: Map<number, Accepted>;
}

/** What only a leader knows: phase 1 is behind it for every slot to come. */
export interface Leadership {
  readonly ballot: Ballot;
  /** The first slot that was free when it came to lead: what is before that was decided by others. */
  readonly firstFree: number;
  next: number;
  /** What it has proposed and doesn't know to be chosen, by slot. */
  readonly open: Map<number, Proposed>;
  /** Clients that wait for their slot to be applied. */
  readonly pending: Map<number, RequestId>;
  /** By node, when the latest message that it has answered was sent, by this node's clock. */
  readonly heard: Map<NodeId, Nanos>;
}

export interface Proposed {
  readonly value: Value;
  /** Who has accepted it. */
  readonly by: Set<NodeId>;
}

/** A node that has forgotten everything but what `recover` will tell it. */
export function newNode(
  parts: Pick<PaxosNode, 'context' | 'output' | 'settings' | 'bugs' | 'machine'>,
): PaxosNode {
  return {
    ...parts,
    sessions: new Map(),
    majority: Math.floor((parts.context.peers.length + 1) / 2) + 1,
    promised: NO_BALLOT,
    log: [],
    lease: { holder: '', until: 0 },
    applied: 0,
    lackedAt: Number.NEGATIVE_INFINITY,
    leader: null,
    highestMet: 0,
    candidacy: null,
    leadership: null,
  };
}
