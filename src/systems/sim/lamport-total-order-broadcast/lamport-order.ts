import type { NodeId } from '../../../faults/fault.ts';
import { FifoOrder } from '../shared/broadcast/fifo-order.ts';
import type { Message, Payload } from '../shared/broadcast/message.ts';
import type { Order } from '../shared/broadcast/order.ts';

/** Without a value it only tells the sender's time. */
export interface TimedPayload extends Payload {
  /** By the sender's Lamport clock. */
  readonly time: number;
}

/**
 * Delivers messages in the order of their Lamport timestamps, each when nothing earlier can come any more: every node has
 * been heard with that time or a later one, and is heard in its own order (Lamport 1978, "Ordering the Events Totally",
 * rule 5).
 */
export class LamportOrder implements Order<TimedPayload> {
  private readonly nodes: readonly NodeId[];
  private readonly bugs: ReadonlySet<string>;
  private readonly fifo = new FifoOrder<TimedPayload>(new Set());
  private clock = 0;
  /** The last time that was heard from each node, this one too. */
  private readonly heard = new Map<NodeId, number>();
  private readonly self: NodeId;
  /** Not delivered yet, in order. */
  private readonly queue: Message<TimedPayload>[] = [];

  /** `bugs`: `ties-not-broken`, `does-not-wait`. */
  constructor(self: NodeId, peers: readonly NodeId[], bugs: ReadonlySet<string>) {
    this.self = self;
    this.nodes = [self, ...peers];
    this.bugs = bugs;
  }

  payload(value: unknown): TimedPayload {
    return { value, time: ++this.clock };
  }

  receive(message: Message<TimedPayload>): readonly Message<TimedPayload>[] {
    for (const each of this.fifo.receive(message)) {
      const { origin, payload } = each;
      this.clock = Math.max(this.clock, payload.time);
      this.heard.set(origin, payload.time);
      if ('value' in payload) this.insert(each);
    }
    let ready = 0;
    while (ready < this.queue.length && this.isStable(this.queue[ready]!)) ready++;
    return this.queue.splice(0, ready);
  }

  /** Tells the time when somebody may wait for it. */
  announcement(): TimedPayload | undefined {
    const last = this.queue.at(-1);
    if (last === undefined || this.heardFrom(this.self) >= last.payload.time) return undefined;
    return { time: ++this.clock };
  }

  /** Nothing that comes before it can arrive any more. */
  private isStable({ payload }: Message<TimedPayload>): boolean {
    // The first of those that have come: an earlier one may be on its way.
    if (this.bugs.has('does-not-wait')) return true;
    return this.nodes.every((node) => this.heardFrom(node) >= payload.time);
  }

  private heardFrom(node: NodeId): number {
    return this.heard.get(node) ?? 0;
  }

  private insert(message: Message<TimedPayload>): void {
    let at = this.queue.length;
    while (at > 0 && this.isBefore(message, this.queue[at - 1]!)) at--;
    this.queue.splice(at, 0, message);
  }

  private isBefore(a: Message<TimedPayload>, b: Message<TimedPayload>): boolean {
    if (a.payload.time !== b.payload.time) return a.payload.time < b.payload.time;
    // Of the same time, the first to arrive comes first: here one, there the other.
    return this.bugs.has('ties-not-broken') ? false : a.origin < b.origin;
  }
}
