import type { NodeId } from '../../../faults/fault.ts';
import { MILLISECOND, type Nanos } from '../../../world/nanos.ts';
import type { NodeContext, NodeProgram, RequestId } from '../../../world/node-program.ts';
import type { Query } from '../shared/request-client.ts';
import {
  emptyStateMachine,
  isReadOnly,
  type Operation,
  operationOf,
  perform,
} from '../shared/state-machine.ts';
import type { TotalOrderMessage } from '../shared/total-order/state.ts';
import { TOTAL_ORDER_TIMER, TotalOrder } from '../shared/total-order/total-order.ts';

/** What is broadcast: a client's operation, who answers it, and when it was asked by that node's wall clock. */
interface Command {
  readonly operation: Operation;
  readonly node: NodeId;
  readonly request: RequestId;
  readonly asked: Nanos;
}

type Message = TotalOrderMessage<Command>;

export interface ReplicationOptions {
  /** The workload whose operations clients ask for. */
  readonly workload: string;
  readonly bugs: ReadonlySet<string>;
  readonly heartbeat: Nanos;
  readonly suspectAfter: Nanos;
}

/** Of the mistake `nondeterministic-apply`: older commands are dropped. */
const DEADLINE = 500 * MILLISECOND;

/**
 * A replica: every replica performs the same commands in the same order, and being deterministic comes to the same state
 * (Lamport 1978; Schneider 1990). Any node takes requests, and answers when it has performed them itself.
 */
export class Replica implements NodeProgram<Message, Query> {
  private readonly context: NodeContext<Message>;
  private readonly workload: string;
  private readonly bugs: ReadonlySet<string>;
  private readonly broadcast: TotalOrder<Command>;
  private readonly machine = emptyStateMachine();

  constructor(context: NodeContext<Message>, options: ReplicationOptions) {
    this.context = context;
    this.workload = options.workload;
    this.bugs = options.bugs;
    this.broadcast = new TotalOrder(context, { ...options, deliver: ({ payload }) => this.deliver(payload) });
  }

  onStart(): void {
    this.broadcast.start();
  }

  onRequest(request: RequestId, query: Query): void {
    const { context, bugs, machine } = this;
    const operation = operationOf(this.workload, query);
    // What is ordered before the read may not have arrived here, though its client has the answer.
    const stale = bugs.has('local-read') && isReadOnly(operation);
    // Each replica performs its own commands sooner, and so in another order, than the others do.
    if (stale || bugs.has('applies-own-first')) context.reply(request, perform(machine, operation));
    if (stale) return;
    this.broadcast.broadcast({ operation, node: context.id, request, asked: context.wallClock() });
  }

  onMessage(from: NodeId, message: Message): void {
    this.broadcast.onMessage(from, message);
  }

  onTimer(name: string): void {
    if (name === TOTAL_ORDER_TIMER) this.broadcast.onTimer();
  }

  leads(): boolean {
    return this.broadcast.leads;
  }

  private deliver({ operation, node, request, asked }: Command): void {
    const { context, bugs, machine } = this;
    const own = node === context.id;
    if (own && bugs.has('applies-own-first')) return;
    // No two clocks agree, and no two replicas get here at the same time: some perform it, some don't.
    const late = context.wallClock() - asked > DEADLINE;
    const dropped = late && bugs.has('nondeterministic-apply');
    const answer = dropped ? { type: 'fail', error: 'deadline' } : perform(machine, operation);
    if (own) context.reply(request, answer);
  }
}
