import type { NodeId } from '../../../../faults/fault.ts';
import { StubbornLinks } from '../stubborn-links.ts';
import { idOf, type Message } from './message.ts';
import type { Spread, SpreadHost } from './spread.ts';

export type FloodPacket<P> =
  | { readonly type: 'messages'; readonly messages: readonly Message<P>[] }
  /** The sender has these. */
  | { readonly type: 'acks'; readonly ids: readonly string[] };

export interface FloodingOptions {
  /** Mistakes: `no-retry`, `no-dedupe`. */
  readonly bugs: ReadonlySet<string>;
  /** Whether a node passes on what it receives: eager reliable broadcast; else it is best effort. */
  readonly relay: boolean;
}

/**
 * A sender sends its message to every node over links that lose nothing (best effort; Cachin, Guerraoui and Rodrigues
 * 2011, §3.2); with `relay`, whoever receives it for the first time does the same, so that all have it even if the sender
 * crashes halfway (eager reliable broadcast, §3.3.3).
 */
export class Flooding<P> implements Spread<P, FloodPacket<P>> {
  private readonly host: SpreadHost<P, FloodPacket<P>>;
  private readonly options: FloodingOptions;
  private readonly links: StubbornLinks<Message<P>>;
  /** The ids of all messages that have come here. */
  private readonly known = new Set<string>();

  constructor(host: SpreadHost<P, FloodPacket<P>>, options: FloodingOptions) {
    this.host = host;
    this.options = options;
    this.links = new StubbornLinks((to, messages) => host.output.send(to, { type: 'messages', messages }));
  }

  broadcast(message: Message<P>): void {
    this.known.add(idOf(message));
    for (const peer of this.host.context.peers) this.links.send(peer, idOf(message), message);
  }

  /** Who has it was forgotten with the crash: all are told again. */
  restore(message: Message<P>): void {
    const { id, peers } = this.host.context;
    this.known.add(idOf(message));
    if (message.origin !== id && !this.options.relay) return;
    for (const peer of peers) if (peer !== message.origin) this.links.sendLater(peer, idOf(message), message);
  }

  onPacket(from: NodeId, packet: FloodPacket<P>): void {
    if (packet.type === 'acks') {
      this.links.acknowledge(from, packet.ids);
      return;
    }
    for (const message of packet.messages) this.receive(from, message);
    this.host.output.send(from, { type: 'acks', ids: packet.messages.map(idOf) });
  }

  onTick(): void {
    // What was lost once is lost.
    if (!this.options.bugs.has('no-retry')) this.links.resend();
  }

  private receive(from: NodeId, message: Message<P>): void {
    const id = idOf(message);
    // Who sends it has it.
    this.links.acknowledge(from, [id]);
    if (this.known.has(id)) {
      // A second copy counts as a second message.
      if (this.options.bugs.has('no-dedupe')) this.host.accept(message);
      return;
    }
    this.known.add(id);
    this.host.accept(message);
    if (!this.options.relay) return;
    for (const peer of this.host.context.peers)
      if (peer !== from && peer !== message.origin) this.links.send(peer, id, message);
  }
}
