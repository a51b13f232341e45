import type { NodeId } from '../../../../faults/fault.ts';
import type { Nanos } from '../../../../world/nanos.ts';
import type { NodeContext, NodeProgram, RequestId } from '../../../../world/node-program.ts';
import { DeliveryLog } from '../broadcast/delivery-log.ts';
import type { Message, Payload } from '../broadcast/message.ts';
import type { Order } from '../broadcast/order.ts';
import type { Query } from '../request-client.ts';
import type { TotalOrderMessage } from './state.ts';
import { TOTAL_ORDER_TIMER, TotalOrder } from './total-order.ts';

export interface TotalOrderNodeOptions {
  readonly bugs: ReadonlySet<string>;
  readonly heartbeat: Nanos;
  readonly suspectAfter: Nanos;
  /** Laid over the total order: what it does at one node, it does at all. */
  readonly order: Order<Payload>;
}

/** A node of a total-order broadcast by a leader that tells what it has delivered. */
export class TotalOrderNode implements NodeProgram<TotalOrderMessage<Message<Payload>>, Query> {
  private readonly context: NodeContext<TotalOrderMessage<Message<Payload>>>;
  private readonly order: Order<Payload>;
  private readonly total: TotalOrder<Message<Payload>>;
  private readonly log: DeliveryLog;
  private made = 0;

  constructor(
    context: NodeContext<TotalOrderMessage<Message<Payload>>>,
    { order, ...options }: TotalOrderNodeOptions,
  ) {
    this.context = context;
    this.order = order;
    this.log = new DeliveryLog(context.id);
    this.total = new TotalOrder(context, { ...options, deliver: ({ payload }) => this.deliver(payload) });
  }

  onStart(): void {
    this.total.start();
  }

  /** `broadcast` of a value, answered when it is delivered here; `log`: all that was broadcast and delivered here so far. */
  onRequest(request: RequestId, { f, value }: Query): void {
    if (f === 'log') {
      this.context.reply(request, { type: 'ok', value: this.log.all() });
      return;
    }
    const message = { origin: this.context.id, n: ++this.made, payload: this.order.payload(value) };
    this.log.broadcast(message);
    this.log.await(message, request);
    this.total.broadcast(message);
  }

  onMessage(from: NodeId, message: TotalOrderMessage<Message<Payload>>): void {
    this.total.onMessage(from, message);
  }

  onTimer(name: string): void {
    if (name === TOTAL_ORDER_TIMER) this.total.onTimer();
  }

  leads(): boolean {
    return this.total.leads;
  }

  private deliver(message: Message<Payload>): void {
    for (const delivered of this.order.receive(message)) {
      const request = this.log.deliver(delivered);
      if (request !== undefined) this.context.reply(request, { type: 'ok', value: delivered.payload.value });
    }
  }
}
