import type { NodeId } from '../../../../faults/fault.ts';
import type { Message, Payload } from './message.ts';
import type { Order } from './order.ts';

/** A message of one sender that came before its turn is held back (Cachin, Guerraoui and Rodrigues 2011, §3.9.2). */
export class FifoOrder<P extends Payload> implements Order<P> {
  private readonly bugs: ReadonlySet<string>;
  private readonly next = new Map<NodeId, number>();
  private readonly heldBack = new Map<NodeId, Map<number, Message<P>>>();

  /** `bugs`: `no-hold-back`. */
  constructor(bugs: ReadonlySet<string>) {
    this.bugs = bugs;
  }

  payload(value: unknown): P {
    return { value } as P;
  }

  receive(message: Message<P>): readonly Message<P>[] {
    // Its turn or not.
    if (this.bugs.has('no-hold-back')) return [message];
    const { origin, n } = message;
    let next = this.next.get(origin) ?? 1;
    if (n < next) return [];
    const held = this.heldBackOf(origin).set(n, message);
    const out: Message<P>[] = [];
    for (let turn = held.get(next); turn !== undefined; turn = held.get(next)) {
      held.delete(next++);
      out.push(turn);
    }
    this.next.set(origin, next);
    return out;
  }

  private heldBackOf(origin: NodeId): Map<number, Message<P>> {
    let held = this.heldBack.get(origin);
    if (held === undefined) this.heldBack.set(origin, (held = new Map()));
    return held;
  }
}
