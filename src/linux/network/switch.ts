import { Worker } from 'node:worker_threads';
import type { Fault, Link, NodeId } from '../../faults/fault.ts';
import { HEALTHY_LINK, type LinkPolicy } from '../../faults/link.ts';
import { LinkTable } from '../../faults/link-table.ts';
import type { Seed } from '../../world/random.ts';
import { CaptureRing } from './capture.ts';
import { liftPolicies, newSharedMemory, type SharedMemory, writePolicy } from './shared-policies.ts';
import type { SwitchTask } from './switch-loop.ts';

const FROM_SOURCE = import.meta.url.endsWith('.ts');
const WORKER = new URL(FROM_SOURCE ? './switch-from-source.mjs' : './switch-worker.js', import.meta.url);

/** Real wires between hosts on one machine: no more latency than they have by themselves. */
const BARE_LINK: LinkPolicy = { ...HEALTHY_LINK, latency: { base: 0, tail: 0 } };

export interface SwitchOptions {
  readonly nodes: readonly NodeId[];
  /** TUN devices of the nodes, and last that of the clients. */
  readonly devices: readonly number[];
  /** Addresses in the same order, as numbers. */
  readonly addresses: readonly number[];
  readonly seed: Seed;
  /** Whether clients suffer what `nodes[0]` suffers: they stand beside it. Otherwise their links are always healthy. */
  readonly faultyClients: boolean;
  readonly capture: boolean;
}

/** The switch between nodes and clients, in a thread of its own, so that a busy controller doesn't stall it. */
export class Switch {
  private readonly options: SwitchOptions;
  private readonly table: LinkTable;
  private readonly memory: SharedMemory;
  private readonly ring: CaptureRing | null;
  private readonly ended: Promise<unknown>;
  /** Rejects when the switch fails; never resolves. */
  readonly failure: Promise<never>;

  constructor(options: SwitchOptions) {
    const { nodes, devices, addresses, seed } = options;
    this.options = options;
    this.table = new LinkTable(nodes, BARE_LINK);
    this.memory = newSharedMemory(devices.length ** 2);
    for (let link = 0; link < devices.length ** 2; link++) writePolicy(this.memory, link, BARE_LINK);
    this.ring = options.capture ? new CaptureRing() : null;
    const capture = this.ring === null ? null : this.ring.memory;
    const task: SwitchTask = { devices, addresses, memory: this.memory, seed, capture };
    const worker = new Worker(WORKER, { workerData: task });
    this.ended = new Promise((resolve) => worker.once('exit', resolve));
    this.failure = new Promise((_, reject) => {
      worker.once('error', (cause) => reject(new Error('the network switch failed', { cause })));
    });
    // Whoever awaits it sees it.
    this.failure.catch(() => {});
  }

  /** Packets that went into links, and of these, those that were lost on the way. */
  get counts(): { readonly sent: number; readonly lost: number } {
    const total = (of: Int32Array) => of.reduce((sum, count) => sum + count, 0);
    return { sent: total(this.memory.sent), lost: total(this.memory.lost) };
  }

  /** Performs a fault of the network. */
  inject(fault: Extract<Fault, { readonly kind: `network/${string}` }>): void {
    const { table } = this;
    if (fault.kind === 'network/unshape') {
      this.unshape(fault.links);
      return;
    }
    if (fault.kind === 'network/cut') table.cut(fault.grudge, fault.mode);
    else if (fault.kind === 'network/heal') table.heal(fault.grudge);
    else table.shape(fault.links, fault.policy);
    this.publish();
  }

  heal(): void {
    this.table.heal();
    this.unshape();
  }

  /** Gives links, or all, their first policy back, also for what is under way: it comes at once, in its order. */
  private unshape(links?: readonly Link[]): void {
    const lifted = this.table.unshape(links);
    this.publish();
    liftPolicies(
      this.memory,
      lifted.flatMap((link) => this.sharedLinks(link)),
    );
  }

  /** Ends the switch; returns once it touches no device any more. Writes what was captured to `pcap`. */
  async stop(pcap?: string): Promise<void> {
    Atomics.store(this.memory.stop, 0, 1);
    await this.ended;
    if (pcap !== undefined) this.ring?.writeTo(pcap);
  }

  private publish(): void {
    for (const [link, policy] of this.table.policies.entries())
      for (const shared of this.sharedLinks(link)) writePolicy(this.memory, shared, policy);
  }

  /** The switch's numbers of a link between nodes: where clients suffer what the first node does, also that of theirs. */
  private sharedLinks(link: number): number[] {
    const { size } = this.table;
    const hosts = size + 1;
    const from = Math.floor(link / size);
    const to = link % size;
    const links = [from * hosts + to];
    if (!this.options.faultyClients || from === to) return links;
    if (from === 0) links.push(size * hosts + to);
    if (to === 0) links.push(from * hosts + size);
    return links;
  }
}
