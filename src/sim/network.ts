import type { NodeId } from '../faults/fault.ts';
import { arrival, corrupted, HEALTHY_LINK, LOST, secondArrival } from '../faults/link.ts';
import { LinkTable } from '../faults/link-table.ts';
import type { Chance } from './chance.ts';

/** The wires between nodes. Decides when a packet arrives; carrying it there is the loop's affair. */
export class Network extends LinkTable {
  sent = 0;
  lost = 0;
  private readonly chance: Chance;

  constructor(nodes: readonly NodeId[], chance: Chance) {
    super(nodes, HEALTHY_LINK);
    this.chance = chance;
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
      this.chance.at(link, now),
    );
    if (at === LOST) this.lost++;
    return at;
  }

  /** When a second copy of the packet arrives, or `LOST` when there is none. */
  secondArrival(from: number, to: number, now: number): number {
    const link = from * this.size + to;
    return secondArrival(this.policies[link]!, now, this.chance.at(link, now));
  }

  /** The packet as it comes out of the link. */
  carried(from: number, to: number, packet: unknown, now: number): unknown {
    const link = from * this.size + to;
    const policy = this.policies[link]!;
    return policy.corrupt > 0 && packet instanceof Uint8Array
      ? corrupted(policy, packet, this.chance.at(link, now))
      : packet;
  }

  /** A reset connection loses also what is under way. */
  resets(from: number, to: number): boolean {
    return this.policies[from * this.size + to]!.cut === 'reset';
  }
}

/** Bytes of a packet on the wire. */
function sizeOf(packet: unknown): number {
  return packet instanceof Uint8Array ? packet.length : JSON.stringify(packet).length;
}
