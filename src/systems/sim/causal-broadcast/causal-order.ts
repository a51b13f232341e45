import type { NodeId } from '../../../faults/fault.ts';
import type { Message, Payload } from '../shared/broadcast/message.ts';
import type { Order } from '../shared/broadcast/order.ts';
import type { Vector } from '../shared/vector.ts';

export interface CausalPayload extends Payload {
  /** Of each node, how many of its messages the sender had delivered when it broadcast this one. */
  readonly after: Vector;
}

/** A message waits for all that its sender had delivered before (Birman, Schiper and Stephenson 1991, §5.1). */
export class CausalOrder implements Order<CausalPayload> {
  private readonly self: NodeId;
  private readonly bugs: ReadonlySet<string>;
  /** Of each node, how many of its messages were delivered here. */
  private readonly delivered: Record<NodeId, number> = {};
  private heldBack: Message<CausalPayload>[] = [];

  /** `bugs`: `deliveries-left-out`, `strict-comparison`. */
  constructor(self: NodeId, bugs: ReadonlySet<string>) {
    this.self = self;
    this.bugs = bugs;
  }

  /** Its own messages are delivered here as they are sent, so they are among the dependencies too. */
  payload(value: unknown): CausalPayload {
    const { delivered, self } = this;
    // Depends only on what it has sent itself: first in, first out, and no more.
    if (this.bugs.has('deliveries-left-out')) return { value, after: { [self]: delivered[self] ?? 0 } };
    return { value, after: { ...delivered } };
  }

  receive(message: Message<CausalPayload>): readonly Message<CausalPayload>[] {
    const { delivered } = this;
    this.heldBack.push(message);
    const out: Message<CausalPayload>[] = [];
    for (let i = this.findReady(); i >= 0; i = this.findReady()) {
      const [ready] = this.heldBack.splice(i, 1) as [Message<CausalPayload>];
      delivered[ready.origin] = (delivered[ready.origin] ?? 0) + 1;
      out.push(ready);
    }
    return out;
  }

  private findReady(): number {
    return this.heldBack.findIndex(({ payload }) =>
      Object.entries(payload.after).every(([node, count]) => {
        const here = this.delivered[node] ?? 0;
        // Waits for more than there was.
        return this.bugs.has('strict-comparison') ? count < here : count <= here;
      }),
    );
  }
}
