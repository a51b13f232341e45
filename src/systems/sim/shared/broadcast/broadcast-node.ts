import type { NodeId } from '../../../../faults/fault.ts';
import type { Nanos } from '../../../../world/nanos.ts';
import type { DiskError, NodeContext, NodeProgram, RequestId } from '../../../../world/node-program.ts';
import { OutputCommit } from '../output-commit.ts';
import { readRecords } from '../record-file.ts';
import type { Query } from '../request-client.ts';
import { DeliveryLog } from './delivery-log.ts';
import type { Message, Payload } from './message.ts';
import type { Order } from './order.ts';
import type { Spread, SpreadHost } from './spread.ts';

export interface BroadcastOptions<P extends Payload, K> {
  /** Mistakes: `sequence-reset`, and those of the parts. */
  readonly bugs: ReadonlySet<string>;
  readonly order: Order<P>;
  readonly spread: (host: SpreadHost<P, K>) => Spread<P, K>;
  /** When a client hears that its message is broadcast: at once, or when the node itself has delivered it. */
  readonly answer: 'at-once' | 'at-delivery';
  /** How often what may be lost is sent again. */
  readonly tick: Nanos;
}

const FILE = 'messages';
const TICK = 'tick';

/**
 * A node that broadcasts and delivers. Every message that has come to it is recorded before it relies on it; after a crash
 * it goes through its records and so delivers the same in the same order, which counts as the same deliveries ("logged"
 * broadcast; Cachin, Guerraoui and Rodrigues 2011, §3.6).
 */
export class BroadcastNode<P extends Payload, K> implements NodeProgram<K, Query> {
  private readonly context: NodeContext<K>;
  private readonly options: BroadcastOptions<P, K>;
  private readonly output: OutputCommit<K>;
  private readonly spread: Spread<P, K>;
  private readonly log: DeliveryLog;
  /** Messages broadcast here. */
  private made = 0;

  constructor(context: NodeContext<K>, options: BroadcastOptions<P, K>) {
    this.context = context;
    this.options = options;
    this.log = new DeliveryLog(context.id);
    this.output = new OutputCommit(context, FILE, (packet) => this.onMessage(context.id, packet));
    const accept = (message: Message<P>) => this.accept(message);
    this.spread = options.spread({ context, output: this.output, accept });
  }

  onStart(): void {
    const messages = readRecords<Message<P>>(this.context.disk, FILE);
    for (const message of messages) {
      this.apply(message);
      this.spread.restore(message);
      // Numbers that were used once are used again.
      if (this.options.bugs.has('sequence-reset')) continue;
      if (message.origin === this.context.id) this.made = message.n;
    }
    this.output.restart(messages);
    this.tickLater();
  }

  /** `broadcast` of a value, or `log`: all that was broadcast and delivered here so far. */
  onRequest(request: RequestId, { f, value }: Query): void {
    if (f === 'log') {
      this.output.reply(request, { type: 'ok', value: this.log.all() });
      return;
    }
    const message = this.newMessage(this.options.order.payload(value));
    if (this.options.answer === 'at-delivery') this.log.await(message, request);
    this.broadcast(message);
    if (this.options.answer === 'at-once') this.output.reply(request, { type: 'ok', value });
  }

  onMessage(from: NodeId, packet: K): void {
    this.spread.onPacket(from, packet);
  }

  onTimer(): void {
    this.tickLater();
    this.spread.onTick();
    const announcement = this.options.order.announcement?.();
    if (announcement !== undefined) this.broadcast(this.newMessage(announcement));
  }

  onSynced(_tag: string, error?: DiskError): void {
    this.output.onSynced(error);
  }

  private newMessage(payload: P): Message<P> {
    return { origin: this.context.id, n: ++this.made, payload };
  }

  private broadcast(message: Message<P>): void {
    this.accept(message);
    this.spread.broadcast(message);
  }

  private accept(message: Message<P>): void {
    this.output.record(message);
    this.apply(message);
  }

  private apply(message: Message<P>): void {
    this.log.broadcast(message);
    for (const delivered of this.options.order.receive(message)) {
      const request = this.log.deliver(delivered);
      if (request !== undefined) this.output.reply(request, { type: 'ok', value: delivered.payload.value });
    }
  }

  private tickLater(): void {
    this.context.setTimer(TICK, this.options.tick);
  }
}
