import type { NodeId } from '../../../faults/fault.ts';
import type { Nanos } from '../../../world/nanos.ts';
import type { NodeContext, NodeProgram, RequestId } from '../../../world/node-program.ts';
import type { Query, Reply } from '../shared/log-client.ts';
import type { Answer } from '../shared/state-machine.ts';
import type { TotalOrderMessage } from '../shared/total-order/state.ts';
import { TOTAL_ORDER_TIMER, TotalOrder } from '../shared/total-order/total-order.ts';
import { type Change, execute } from './registers.ts';

/** What a primary has done for a client: backups take the outcome, they don't perform the operation. */
interface Update {
  readonly change: Change;
  readonly client: string;
  readonly sequence: number;
  readonly answer: Answer;
  /** The primary, and the request that it answers. */
  readonly node: NodeId;
  readonly request: RequestId;
}

type Message = TotalOrderMessage<Update>;

interface Task {
  readonly request: RequestId;
  readonly query: Query;
}

export interface PrimaryBackupOptions {
  readonly bugs: ReadonlySet<string>;
  readonly heartbeat: Nanos;
  readonly suspectAfter: Nanos;
}

/**
 * Primary or backup (Alsberg and Day 1976; Budhiraja et al. 1993). The primary performs one operation after another and
 * answers when a majority has the update; who is primary follows from the broadcast's leader, and an update takes the
 * place in its order that it was made for, or none.
 */
export class PrimaryBackupNode implements NodeProgram<Message, Query> {
  private readonly context: NodeContext<Message>;
  private readonly bugs: ReadonlySet<string>;
  private readonly broadcast: TotalOrder<Update>;
  private readonly registers = new Map<string, unknown>();
  /** What each client was answered last: a request may come again, to another primary. */
  private readonly answered = new Map<string, { sequence: number; answer: Answer }>();
  /** As primary: not begun yet. */
  private tasks: Task[] = [];
  /** As primary: performed, and not known to be at a majority. */
  private underWay: RequestId | null = null;

  constructor(context: NodeContext<Message>, options: PrimaryBackupOptions) {
    this.context = context;
    this.bugs = options.bugs;
    this.broadcast = new TotalOrder(context, { ...options, deliver: ({ payload }) => this.deliver(payload) });
  }

  onStart(): void {
    this.broadcast.start();
  }

  onRequest(request: RequestId, query: Query): void {
    this.tasks.push({ request, query });
    this.work();
  }

  onMessage(from: NodeId, message: Message): void {
    this.broadcast.onMessage(from, message);
    this.work();
  }

  onTimer(name: string): void {
    if (name === TOTAL_ORDER_TIMER) this.broadcast.onTimer();
    this.work();
  }

  leads(): boolean {
    return this.broadcast.leads;
  }

  /** As primary performs what waits, one operation at a time, each on the state that all before it have made. */
  private work(): void {
    const { broadcast, bugs } = this;
    if (!broadcast.leads) {
      this.sendAway();
      return;
    }
    while (this.tasks.length > 0 && (broadcast.settled || bugs.has('answers-before-backups')))
      this.perform(this.tasks.shift()!);
  }

  private perform({ request, query }: Task): void {
    const { client, sequence, operation } = query;
    const before = this.answered.get(client);
    if (before !== undefined && before.sequence >= sequence) {
      if (before.sequence === sequence) this.context.reply(request, before.answer satisfies Reply);
      return;
    }
    const { answer, change } = execute(this.registers, operation);
    const update: Update = { change, client, sequence, answer, node: this.context.id, request };
    // An answer that only the primary knows of is lost with it.
    if (this.bugs.has('answers-before-backups')) this.apply(update);
    this.underWay = request;
    this.broadcast.order(update);
  }

  private deliver(update: Update): void {
    if (update.node !== this.context.id || !this.bugs.has('answers-before-backups')) this.apply(update);
    this.work();
  }

  private apply({ change, client, sequence, answer, node, request }: Update): void {
    if (change !== null) this.registers.set(change.key, change.value);
    this.answered.set(client, { sequence, answer });
    if (node !== this.context.id) return;
    this.underWay = null;
    this.context.reply(request, answer satisfies Reply);
  }

  /** Not primary, or not any more: what was begun may yet be in the next primary's log, the rest surely is not. */
  private sendAway(): void {
    const { context, broadcast, tasks, underWay } = this;
    if (underWay !== null) context.reply(underWay, { type: 'unknown' } satisfies Reply);
    this.underWay = null;
    this.tasks = [];
    for (const { request } of tasks)
      context.reply(request, { type: 'not-leader', leader: broadcast.leader } satisfies Reply);
  }
}
