import type { NodeId } from '../../../faults/fault.ts';

/** Messages sent again at a time, at most; the next ones follow when these are acknowledged. */
const BATCH = 100;

/**
 * Makes links that lose messages now and then into links that lose none: what is not acknowledged is sent again
 * (Cachin, Guerraoui and Rodrigues 2011, §2.4.3; theirs never stop). A message may so arrive many times: its receiver
 * must know which it has (§2.4.4), and must not acknowledge what a crash can take back.
 */
export class StubbornLinks<M> {
  private readonly transmit: (to: NodeId, messages: readonly M[]) => void;
  /** By receiver and by the message's id, the oldest first. */
  private readonly unacknowledged = new Map<NodeId, Map<string, M>>();

  constructor(transmit: (to: NodeId, messages: readonly M[]) => void) {
    this.transmit = transmit;
  }

  send(to: NodeId, id: string, message: M): void {
    this.sendLater(to, id, message);
    this.transmit(to, [message]);
  }

  /** As `send`, but the first time is the next `resend`. */
  sendLater(to: NodeId, id: string, message: M): void {
    let messages = this.unacknowledged.get(to);
    if (messages === undefined) this.unacknowledged.set(to, (messages = new Map()));
    messages.set(id, message);
  }

  acknowledge(from: NodeId, ids: readonly string[]): void {
    const messages = this.unacknowledged.get(from);
    for (const id of ids) messages?.delete(id);
  }

  /** Sends again what is not acknowledged. */
  resend(): void {
    for (const [to, messages] of this.unacknowledged) {
      const first = [...take(messages.values(), BATCH)];
      if (first.length > 0) this.transmit(to, first);
    }
  }
}

function* take<T>(items: Iterable<T>, most: number): Iterable<T> {
  let taken = 0;
  for (const item of items) {
    if (taken++ === most) return;
    yield item;
  }
}
