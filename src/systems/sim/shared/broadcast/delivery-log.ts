import type { NodeId } from '../../../../faults/fault.ts';
import type { RequestId } from '../../../../world/node-program.ts';
import { idOf, type Message, type Payload } from './message.ts';

/** What a node did, as workload `broadcast` asks for it. */
export type LogEvent = readonly ['broadcast' | 'deliver', value: unknown];

/** A node's account of its broadcasts and deliveries, and the clients that wait for the delivery of their own. */
export class DeliveryLog {
  private readonly self: NodeId;
  private readonly events: LogEvent[] = [];
  private readonly waiting = new Map<string, RequestId>();

  constructor(self: NodeId) {
    this.self = self;
  }

  all(): LogEvent[] {
    return this.events.slice();
  }

  broadcast({ origin, payload }: Message<Payload>): void {
    if (origin === this.self && 'value' in payload) this.events.push(['broadcast', payload.value]);
  }

  /** Returns the request that waits for this. */
  deliver(message: Message<Payload>): RequestId | undefined {
    this.events.push(['deliver', message.payload.value]);
    const id = idOf(message);
    const request = this.waiting.get(id);
    this.waiting.delete(id);
    return request;
  }

  /** This client is to hear when the message is delivered here. */
  await(message: Message<unknown>, request: RequestId): void {
    this.waiting.set(idOf(message), request);
  }
}
