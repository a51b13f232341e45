import type { NodeId } from '../../../../faults/fault.ts';
import { MILLISECOND, type Nanos } from '../../../../world/nanos.ts';
import type { DiskError, NodeContext, NodeProgram, RequestId } from '../../../../world/node-program.ts';
import type { Parameters } from '../../../../world/parameters.ts';
import type { Bug, System } from '../../../../world/system.ts';
import { OutputCommit } from '../output-commit.ts';
import { readRecords } from '../record-file.ts';
import { type Query, requestClient } from '../request-client.ts';
import { covers, merge, type Vector } from '../vector.ts';
import type { Update } from './update.ts';

/**
 * A state-based object, or convergent replicated data type (Shapiro, Preguiça, Baquero and Zawirski 2011, §2.2): states are
 * partly ordered, an update goes up in that order, and the merge is the least upper bound: commutative, associative and
 * idempotent. So states may be lost, repeated and reordered on their way. States are plain data that nobody changes.
 */
export interface StateBased<S> {
  readonly empty: S;
  update(state: S, update: Update): S;
  merge(mine: S, theirs: S): S;
  query(state: S, key: string): unknown;
}

/** A replica's state, and which updates are in it; both merge in the same way. */
interface Payload<S> {
  readonly state: S;
  readonly updates: Vector;
}

interface Gossip<S> {
  readonly payload: Payload<S>;
  /** Whether the receiver sends its own in return. */
  readonly answer: boolean;
}

const FILE = 'state';

/** A replica of a state-based object, which tells its whole state to another one now and then (ibid., §2.2, algorithm 1). */
export class StateBasedReplica<S> implements NodeProgram<Gossip<S>, Query> {
  private readonly context: NodeContext<Gossip<S>>;
  private readonly object: StateBased<S>;
  private readonly gossip: Nanos;
  private readonly output: OutputCommit<Gossip<S>>;
  private payload: Payload<S>;

  constructor(context: NodeContext<Gossip<S>>, object: StateBased<S>, gossip: Nanos) {
    this.context = context;
    this.object = object;
    this.gossip = gossip;
    this.output = new OutputCommit(context, FILE, () => {});
    this.payload = { state: object.empty, updates: {} };
  }

  onStart(): void {
    this.keep(readRecords<Payload<S>>(this.context.disk, FILE)[0] ?? this.payload);
    this.gossipLater();
  }

  onRequest(request: RequestId, { f, key, value }: Query): void {
    const { state, updates } = this.payload;
    if (f === 'read') {
      const shown = this.object.query(state, String(key));
      this.output.reply(request, { type: 'ok', value: { updates, state: shown } });
      return;
    }
    const origin = this.context.id;
    const number = (updates[origin] ?? 0) + 1;
    this.keep({
      state: this.object.update(state, { f, key: String(key), value, origin, number }),
      updates: { ...updates, [origin]: number },
    });
    this.output.reply(request, { type: 'ok', value: { update: `${origin}:${number}`, saw: updates } });
  }

  onMessage(from: NodeId, { payload, answer }: Gossip<S>): void {
    const { state, updates } = this.payload;
    const isNew = !covers(updates, payload.updates);
    const merged = {
      state: this.object.merge(state, payload.state),
      updates: merge(updates, payload.updates),
    };
    if (isNew) this.keep(merged);
    else this.payload = merged;
    if (answer) this.output.send(from, { payload: this.payload, answer: false });
  }

  onTimer(): void {
    this.gossipLater();
    const { peers, random } = this.context;
    if (peers.length > 0) this.output.send(random.pick(peers), { payload: this.payload, answer: true });
  }

  onSynced(_tag: string, error?: DiskError): void {
    this.output.onSynced(error);
  }

  /** Nobody hears of a state that a crash can take back. */
  private keep(payload: Payload<S>): void {
    this.payload = payload;
    this.output.restart([payload]);
  }

  private gossipLater(): void {
    this.context.setTimer('gossip', this.gossip / 2 + this.context.random.int(this.gossip));
  }
}

const PARAMETERS = {
  gossip: {
    type: 'duration',
    default: 200 * MILLISECOND,
    about: 'mean time between the gossip rounds of a node',
  },
} as const satisfies Parameters;

/** What is told of each state-based object, and how it is made; the rest is the same for all. */
export interface StateBasedType<S> {
  readonly name: string;
  readonly about: string;
  readonly how: readonly string[];
  readonly sources: readonly string[];
  readonly bugs: Readonly<Record<string, Bug>>;
  readonly serves: System['serves'];
  /** Of a process that starts. */
  object(bugs: ReadonlySet<string>): StateBased<S>;
}

const SHAPIRO = 'Shapiro, Preguiça, Baquero and Zawirski, Conflict-free Replicated Data Types, SSS 2011';

/** A system of replicas of a state-based object. */
export function stateBasedSystem<S>({ how, sources, object, ...rest }: StateBasedType<S>): System {
  return {
    ...rest,
    lecture: 'case studies',
    how: [
      ...how,
      'Each replica sends its whole state to another one now and then, which merges it into its own. The merge is a least upper bound, so it does no harm that states are lost, repeated or overtaken: who has heard, by whatever way, of the same updates has the same state.',
    ],
    sources: [SHAPIRO, ...sources],
    assumes: { network: 'fair-loss', nodes: 'crash-recovery', timing: 'asynchronous' },
    guarantees: {
      safety: ['strong-eventual'],
      liveness: [
        { property: 'progress', given: 'a node is up' },
        { property: 'delivery', given: 'replicas hear each other' },
      ],
    },
    parameters: PARAMETERS,
    deploy({ bugs, parameters }) {
      return {
        program: (context) => new StateBasedReplica(context, object(bugs), parameters.gossip as Nanos),
        client: requestClient,
      };
    },
  };
}
