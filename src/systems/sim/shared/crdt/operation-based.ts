import type { NodeId } from '../../../../faults/fault.ts';
import type { Nanos } from '../../../../world/nanos.ts';
import type { DiskError, NodeContext, NodeProgram, RequestId } from '../../../../world/node-program.ts';
import type { Bug, Guarantee, System } from '../../../../world/system.ts';
import { CausalOrder, type CausalPayload } from '../../causal-broadcast/causal-order.ts';
import { FifoOrder } from '../broadcast/fifo-order.ts';
import { Flooding, type FloodPacket } from '../broadcast/flooding.ts';
import type { Message } from '../broadcast/message.ts';
import type { Order } from '../broadcast/order.ts';
import { FLOODING_PARAMETERS } from '../broadcast/parameters.ts';
import { OutputCommit } from '../output-commit.ts';
import { readRecords } from '../record-file.ts';
import { type Query, requestClient } from '../request-client.ts';
import type { Update } from './update.ts';

/** An update that can't be made here and now, and why. */
export interface Refusal {
  readonly refused: string;
}

/**
 * An operation-based object, or commutative replicated data type (Shapiro, Preguiça, Baquero and Zawirski 2011, §2.3). Its
 * effects come to each replica once, each after all that its source had seen; those that don't know of each other
 * commute.
 */
export interface OperationBased<E> {
  /** At the source: what must be done everywhere, as plain data. Changes nothing. */
  prepare(update: Update): E | Refusal;
  /** Everywhere, at the source too. */
  apply(effect: E, source: Pick<Update, 'origin' | 'number'>): void;
  query(key: string): unknown;
  /** What else the answer to an update says, once it is applied. */
  answer?(effect: E): Readonly<Record<string, unknown>>;
}

type Packet = FloodPacket<CausalPayload>;

interface OperationBasedOptions {
  readonly order: Order<CausalPayload>;
  /** Of the broadcast: `no-retry`. */
  readonly bugs: ReadonlySet<string>;
  readonly resend: Nanos;
}

const FILE = 'updates';
const TICK = 'tick';

/** A replica of an operation-based object on reliable causal broadcast (ibid., §2.3, algorithm 2). */
export class OperationBasedReplica<E extends object> implements NodeProgram<Packet, Query> {
  private readonly context: NodeContext<Packet>;
  private readonly object: OperationBased<E>;
  private readonly order: Order<CausalPayload>;
  private readonly resend: Nanos;
  private readonly output: OutputCommit<Packet>;
  private readonly spread: Flooding<CausalPayload>;
  /** Of each replica, how many of its updates are applied here. */
  private readonly applied: Record<NodeId, number> = {};

  constructor(
    context: NodeContext<Packet>,
    object: OperationBased<E>,
    { order, bugs, resend }: OperationBasedOptions,
  ) {
    this.context = context;
    this.object = object;
    this.order = order;
    this.resend = resend;
    this.output = new OutputCommit(context, FILE, () => {});
    const accept = (message: Message<CausalPayload>) => this.accept(message);
    this.spread = new Flooding({ context, output: this.output, accept }, { bugs, relay: true });
  }

  onStart(): void {
    const messages = readRecords<Message<CausalPayload>>(this.context.disk, FILE);
    for (const message of messages) {
      this.deliver(message);
      this.spread.restore(message);
    }
    this.output.restart(messages);
    this.context.setTimer(TICK, this.resend);
  }

  onRequest(request: RequestId, { f, key, value }: Query): void {
    const origin = this.context.id;
    const saw = { ...this.applied };
    if (f === 'read') {
      this.output.reply(request, {
        type: 'ok',
        value: { updates: saw, state: this.object.query(String(key)) },
      });
      return;
    }
    const number = (saw[origin] ?? 0) + 1;
    const effect = this.object.prepare({ f, key: String(key), value, origin, number });
    if ('refused' in effect) {
      this.output.reply(request, { type: 'fail', error: effect.refused });
      return;
    }
    const message = { origin, n: number, payload: this.order.payload(effect) };
    this.accept(message);
    this.spread.broadcast(message);
    const more = this.object.answer?.(effect);
    this.output.reply(request, { type: 'ok', value: { update: `${origin}:${number}`, saw, ...more } });
  }

  onMessage(from: NodeId, packet: Packet): void {
    this.spread.onPacket(from, packet);
  }

  onTimer(): void {
    this.context.setTimer(TICK, this.resend);
    this.spread.onTick();
  }

  onSynced(_tag: string, error?: DiskError): void {
    this.output.onSynced(error);
  }

  private accept(message: Message<CausalPayload>): void {
    this.output.record(message);
    this.deliver(message);
  }

  private deliver(message: Message<CausalPayload>): void {
    for (const { origin, n, payload } of this.order.receive(message)) {
      this.object.apply(payload.value as E, { origin, number: n });
      this.applied[origin] = n;
    }
  }
}

/** What is told of each operation-based object, and how it is made; the rest is the same for all. */
export interface OperationBasedType<E> {
  readonly name: string;
  readonly about: string;
  readonly how: readonly string[];
  readonly sources: readonly string[];
  /** Besides strong eventual consistency. */
  readonly safety: readonly Guarantee[];
  readonly bugs: Readonly<Record<string, Bug>>;
  readonly serves: System['serves'];
  /** Of a process that starts. */
  object(bugs: ReadonlySet<string>): OperationBased<E>;
}

/** A system of replicas of an operation-based object. The bug `fifo-only` takes the causal order from it, `no-retry` the reliability. */
export function operationBasedSystem<E extends object>({
  how,
  safety,
  object,
  ...rest
}: OperationBasedType<E>): System {
  return {
    ...rest,
    lecture: 'case studies',
    how: [
      ...how,
      'Operations travel by reliable causal broadcast, as in the system causal-broadcast: each replica applies each of them once, and after all that its source had seen. So only operations that know nothing of each other may come in different orders, and those commute.',
    ],
    assumes: { network: 'fair-loss', nodes: 'crash-recovery', timing: 'asynchronous' },
    guarantees: {
      safety: ['strong-eventual', ...safety],
      liveness: [
        { property: 'progress', given: 'a node is up' },
        { property: 'delivery', given: 'replicas hear each other' },
      ],
    },
    parameters: FLOODING_PARAMETERS,
    deploy({ bugs, parameters }) {
      const resend = parameters.resend as Nanos;
      return {
        program(context) {
          // The order of each sender is not enough: what it had seen of others may come later.
          const order = bugs.has('fifo-only')
            ? new FifoOrder<CausalPayload>(new Set())
            : new CausalOrder(context.id, new Set());
          return new OperationBasedReplica(context, object(bugs), { order, bugs, resend });
        },
        client: requestClient,
      };
    },
  };
}
