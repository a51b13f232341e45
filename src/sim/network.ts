import type { CutMode, Grudge, Link, NodeId } from '../faults/fault.ts';
import {
  arrival,
  corrupted,
  HEALTHY_LINK,
  type LinkPolicy,
  type LinkState,
  LOST,
  secondArrival,
} from '../faults/link.ts';
import type { RandomStream } from '../world/random.ts';

/**
 * The wires between nodes: one policy per directed link, numbered `from * nodes + to`. Decides when a packet arrives;
 * carrying it there is the loop's affair.
 */
export class Network {
  sent = 0;
  lost = 0;
  private readonly size: number;
  private readonly indexOf: ReadonlyMap<NodeId, number>;
  private readonly random: RandomStream;
  private readonly shapes: Partial<LinkPolicy>[];
  private readonly cuts: (CutMode | 'none')[];
  private readonly policies: LinkPolicy[];
  private readonly states: LinkState[];

  constructor(indexOf: ReadonlyMap<NodeId, number>, random: RandomStream) {
    this.size = indexOf.size;
    this.indexOf = indexOf;
    this.random = random;
    const links = this.size * this.size;
    this.shapes = Array.from({ length: links }, () => ({}));
    this.cuts = new Array(links).fill('none');
    this.policies = new Array(links).fill(HEALTHY_LINK);
    this.states = Array.from({ length: links }, newLinkState);
  }

  /** When a packet sent now arrives, or `LOST`. */
  arrival(from: number, to: number, now: number, packet: unknown): number {
    const link = from * this.size + to;
    const policy = this.policies[link]!;
    this.sent++;
    const at = arrival(
      policy,
      this.states[link]!,
      now,
      policy.bandwidth > 0 ? sizeOf(packet) : 0,
      this.random,
    );
    if (at === LOST) this.lost++;
    return at;
  }

  /** When a second copy of the packet arrives, or `LOST` when there is none. */
  secondArrival(from: number, to: number, now: number): number {
    return secondArrival(this.policies[from * this.size + to]!, now, this.random);
  }

  /** The packet as it comes out of the link. */
  carried(from: number, to: number, packet: unknown): unknown {
    const policy = this.policies[from * this.size + to]!;
    return policy.corrupt > 0 && packet instanceof Uint8Array
      ? corrupted(policy, packet, this.random)
      : packet;
  }

  /** A reset connection loses also what is under way. */
  resets(from: number, to: number): boolean {
    return this.cuts[from * this.size + to] === 'reset';
  }

  cut(grudge: Grudge, mode: CutMode): void {
    this.eachRefused(grudge, (link) => {
      this.cuts[link] = mode;
    });
  }

  /** Heals the cuts of `grudge`, or all. */
  heal(grudge?: Grudge): void {
    if (grudge === undefined) {
      for (let link = 0; link < this.cuts.length; link++) this.setCut(link, 'none');
    } else {
      this.eachRefused(grudge, (link) => this.setCut(link, 'none'));
    }
  }

  shape(links: readonly Link[], policy: Partial<LinkPolicy>): void {
    for (const [from, to] of links) {
      const link = this.index(from) * this.size + this.index(to);
      this.shapes[link] = { ...this.shapes[link], ...policy };
      this.refresh(link);
    }
  }

  /** Gives the links, or all, their first policy back. */
  unshape(links?: readonly Link[]): void {
    for (let link = 0; link < this.shapes.length; link++) {
      const named =
        links?.some(([from, to]) => this.index(from) * this.size + this.index(to) === link) ?? true;
      if (!named) continue;
      this.shapes[link] = {};
      this.refresh(link);
    }
  }

  private eachRefused(grudge: Grudge, act: (link: number) => void): void {
    for (const [to, senders] of Object.entries(grudge)) {
      for (const from of senders) {
        const link = this.index(from) * this.size + this.index(to);
        act(link);
        this.refresh(link);
      }
    }
  }

  private setCut(link: number, cut: CutMode | 'none'): void {
    this.cuts[link] = cut;
    this.refresh(link);
  }

  private refresh(link: number): void {
    this.policies[link] = { ...HEALTHY_LINK, ...this.shapes[link], cut: this.cuts[link]! };
  }

  private index(node: NodeId): number {
    const i = this.indexOf.get(node);
    if (i === undefined) throw new Error(`no node "${node}" in this network`);
    return i;
  }
}

/** A link that has carried nothing yet. */
export function newLinkState(): LinkState {
  return { lastArrival: 0, busyUntil: 0 };
}

/** Bytes of a packet on the wire. */
function sizeOf(packet: unknown): number {
  return packet instanceof Uint8Array ? packet.length : JSON.stringify(packet).length;
}
