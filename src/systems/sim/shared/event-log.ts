import type { NodeId } from '../../../faults/fault.ts';
import type { NodeContext, NodeProgram, RequestId } from '../../../world/node-program.ts';
import type { Query } from './request-client.ts';

/** Gives each event of one node its timestamp. */
export interface LogicalClock<T> {
  /** For an event that concerns this node alone. */
  local(): T;
  /** For the sending of a message, which carries the timestamp. */
  send(): T;
  /** For the receipt of a message that carries `stamp`. */
  receive(stamp: T): T;
}

/** What happened, the message concerned if there is one, and when, by the logical clock. */
type LoggedEvent<T> = readonly [event: 'local' | 'send' | 'receive', message: string | null, stamp: T];

export interface StampedMessage<T> {
  readonly id: string;
  readonly stamp: T;
}

/** A node that writes down what happens to it, each event with its timestamp by a logical clock. */
export class EventLogProgram<T> implements NodeProgram<StampedMessage<T>, Query> {
  private readonly context: NodeContext<StampedMessage<T>>;
  private readonly clock: LogicalClock<T>;
  private readonly events: LoggedEvent<T>[] = [];
  private sent = 0;

  constructor(context: NodeContext<StampedMessage<T>>, clock: LogicalClock<T>) {
    this.context = context;
    this.clock = clock;
  }

  /** `local` and `send` (value: to whom): the answer is the timestamp. `log`: all events so far. */
  onRequest(request: RequestId, { f, value }: Query): void {
    this.context.reply(request, { type: 'ok', value: this.answer(f, value) });
  }

  onMessage(_from: NodeId, { id, stamp }: StampedMessage<T>): void {
    this.events.push(['receive', id, this.clock.receive(stamp)]);
  }

  private answer(f: string, value: unknown): unknown {
    if (f === 'log') return this.events.slice();
    if (f === 'local') {
      const stamp = this.clock.local();
      this.events.push(['local', null, stamp]);
      return stamp;
    }
    const id = `${this.context.id}-${++this.sent}`;
    const stamp = this.clock.send();
    this.events.push(['send', id, stamp]);
    this.context.send(value as NodeId, { id, stamp });
    return stamp;
  }
}
