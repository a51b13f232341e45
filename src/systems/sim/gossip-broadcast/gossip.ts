import type { NodeId } from '../../../faults/fault.ts';
import type { Message } from '../shared/broadcast/message.ts';
import type { Spread, SpreadHost } from '../shared/broadcast/spread.ts';

export type GossipPacket<P> =
  | { readonly type: 'messages'; readonly messages: readonly Message<P>[] }
  /** What the sender has; the receiver answers with the rest, and with its own digest if `answer`. */
  | { readonly type: 'digest'; readonly have: Digest; readonly answer: boolean };

/**
 * Of each origin, which of its messages are known: all up to `complete`, and these beyond. A gap may last for ever: of a
 * message that only its origin had, and that is gone with it.
 */
export type Digest = Readonly<
  Record<NodeId, { readonly complete: number; readonly beyond: readonly number[] }>
>;

export interface GossipOptions {
  /** Mistakes: `no-anti-entropy`, `no-relay`, `no-dedupe`. */
  readonly bugs: ReadonlySet<string>;
  /** Nodes that each node tells of a new message. */
  readonly fanout: number;
}

/** Messages of one origin in one packet, at most. */
const BATCH = 200;

/** The messages of one origin that are here. */
interface Known<P> {
  readonly messages: Map<number, Message<P>>;
  /** The first so many are all here. */
  complete: number;
}

/**
 * Epidemic broadcast (Demers et al. 1987): a node tells a rumour that is new to it to a few others, drawn at random (§1.4).
 * That reaches most nodes fast, but all only with luck; so each node now and then compares what it has with one other,
 * and both make up for what they lack (anti-entropy, §1.3).
 */
export class Gossip<P> implements Spread<P, GossipPacket<P>> {
  private readonly host: SpreadHost<P, GossipPacket<P>>;
  private readonly options: GossipOptions;
  private readonly known = new Map<NodeId, Known<P>>();

  constructor(host: SpreadHost<P, GossipPacket<P>>, options: GossipOptions) {
    this.host = host;
    this.options = options;
  }

  broadcast(message: Message<P>): void {
    this.note(message);
    this.tell(message);
  }

  restore(message: Message<P>): void {
    this.note(message);
  }

  onPacket(from: NodeId, packet: GossipPacket<P>): void {
    if (packet.type === 'messages') {
      for (const message of packet.messages) this.receive(message);
      return;
    }
    const messages = this.missing(packet.have);
    if (messages.length > 0) this.host.output.send(from, { type: 'messages', messages });
    if (packet.answer) this.host.output.send(from, this.digest(false));
  }

  onTick(): void {
    const { peers, random } = this.host.context;
    // Whom every rumour passes by never hears of it.
    if (peers.length === 0 || this.options.bugs.has('no-anti-entropy')) return;
    this.host.output.send(random.pick(peers), this.digest(true));
  }

  private receive(message: Message<P>): void {
    const { bugs } = this.options;
    if (!this.note(message)) {
      // What came twice counts twice.
      if (bugs.has('no-dedupe') && message.origin !== this.host.context.id) this.host.accept(message);
      return;
    }
    this.host.accept(message);
    // Each tells only what it has itself made.
    if (!bugs.has('no-relay')) this.tell(message);
  }

  private tell(message: Message<P>): void {
    const { context, output } = this.host;
    const others = context.peers.filter((peer) => peer !== message.origin);
    for (const peer of context.random.shuffle(others).slice(0, this.options.fanout))
      output.send(peer, { type: 'messages', messages: [message] });
  }

  private digest(answer: boolean): GossipPacket<P> {
    const have = [...this.known].map(([origin, { messages, complete }]) => {
      const beyond = messages.size === complete ? [] : [...messages.keys()].filter((n) => n > complete);
      return [origin, { complete, beyond }] as const;
    });
    return { type: 'digest', have: Object.fromEntries(have), answer };
  }

  /** Some of what is here and beyond what a node has. */
  private missing(have: Digest): Message<P>[] {
    const out: Message<P>[] = [];
    for (const [origin, known] of this.known) {
      if (origin !== this.host.context.id && this.options.bugs.has('no-relay')) continue;
      out.push(...missingOf(known, have[origin]));
    }
    return out;
  }

  /** False when it was here before. */
  private note(message: Message<P>): boolean {
    const { origin, n } = message;
    let known = this.known.get(origin);
    if (known === undefined) this.known.set(origin, (known = { messages: new Map(), complete: 0 }));
    if (known.messages.has(n)) return false;
    known.messages.set(n, message);
    while (known.messages.has(known.complete + 1)) known.complete++;
    return true;
  }
}

function missingOf<P>({ messages, complete }: Known<P>, have: Digest[NodeId] | undefined): Message<P>[] {
  const from = have?.complete ?? 0;
  if (from >= complete && messages.size === complete) return [];
  const lacks = ({ n }: Message<P>) => n > from && have?.beyond.includes(n) !== true;
  return [...messages.values()].filter(lacks).slice(0, BATCH);
}
