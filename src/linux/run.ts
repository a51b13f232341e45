import { chmodSync, cpSync, mkdirSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type { FaultKind, NodeId } from '../faults/fault.ts';
import type { LiePolicy } from '../faults/lie.ts';
import { MINUTE, type Nanos, SECOND } from '../world/nanos.ts';
import type { ProcessDeployment } from '../world/process-deployment.ts';
import type { RandomStream } from '../world/random.ts';
import { UsageError } from '../world/usage-error.ts';
import type { Observation, TraceEvent } from '../world/world.ts';
import { NodeClock } from './clock/clock.ts';
import { proveSkew } from './clock/probe.ts';
import { NodeDisk } from './disk/disk.ts';
import { addressOf, cgroupOf, clientsAddress, folderOf, type Lease, markOf, namespaceOf } from './lease.ts';
import { loadLibc } from './libc.ts';
import { type Devices, makeNamespaces } from './network/namespaces.ts';
import { Switch } from './network/switch.ts';
import { controlGroup, markedGroup } from './process/node-group.ts';
import { NodeProcesses, type UnexpectedExit } from './process/node-processes.ts';
import { ServerCluster, type ServerNode } from './server-cluster.ts';
import { makeSite, sitesOf } from './site.ts';
import { undo } from './undo.ts';
import { every, sampleUsage, watchLag, watchLeaders } from './watches.ts';
import { within } from './within.ts';

export interface LinuxOptions {
  /** The name of the system, for messages. */
  readonly system: string;
  readonly deployment: ProcessDeployment;
  readonly nodes: readonly NodeId[];
  readonly random: RandomStream;
  /** Every kind of fault that the run may want: what it won't want is not set up. */
  readonly faults: ReadonlySet<FaultKind>;
  /** Whether network faults hit clients as if they stood beside the first node. */
  readonly faultyClients: boolean;
  /** Whether data lie on the machine's own disk, which no fault hits. */
  readonly plainDisks: boolean;
  /** Whether packets are kept. */
  readonly capture: boolean;
  /** Folder for logs, samples and captured packets; null: none of it is kept. */
  readonly folder: string | null;
  /** When an operation is given up by the controller, ns. */
  readonly timeout: Nanos;
  /** Ends the run before its time. */
  readonly signal?: AbortSignal | undefined;
}

/** A server that ended by itself is started again after this long, as by a supervisor (ms). */
const SUPERVISOR_DELAY = 1_000;

const OFFSETS_EVERY = 5_000;

/** How long a server may take to tell its time, ms. */
const TELLS_WITHIN = 30_000;

/** How far a clock is moved to see whether its server sees it. */
const PROOF: Nanos = 10 * MINUTE;

/** Everything that one run has on the machine. */
export class LinuxRun {
  readonly cluster: ServerCluster;
  readonly clocks = new Map<NodeId, NodeClock>();
  readonly disks = new Map<NodeId, NodeDisk>();
  readonly options: LinuxOptions;
  exits = 0;
  leaders: () => readonly NodeId[] = () => [];
  /** What node programs traced. */
  readonly trace: TraceEvent[] = [];
  private readonly lease: Lease;
  private readonly folder: string;
  private readonly listeners: ((observation: Observation) => void)[] = [];
  private readonly endings: (() => void)[] = [];
  private readonly liars = new Set<NodeId>();
  private setup: Promise<void> | null = null;
  private devices: Devices | null = null;
  private switch: Switch | null = null;
  private began: bigint = process.hrtime.bigint();
  private ending = false;
  private fail: (error: Error) => void = () => {};
  /** Rejects when a part of the world itself fails; never resolves. */
  readonly failure = new Promise<never>((_, reject) => {
    this.fail = reject;
  });

  constructor(lease: Lease, options: LinuxOptions) {
    this.lease = lease;
    this.options = options;
    this.folder = resolve(options.folder ?? join(folderOf(lease), 'run'));
    // Whoever awaits it sees it.
    this.failure.catch(() => {});
    const { deployment } = options;
    const servers = sitesOf(lease, options.nodes).map((site): ServerNode => {
      const processes = new NodeProcesses({
        site,
        group: this.groupOf(site.id),
        namespace: namespaceOf(lease, site.number),
        user: deployment.user,
        environment: this.marks(site.id),
        logs: join(this.folder, 'logs', site.id),
        onExit: (exit) => this.exited(server, exit),
      });
      const server: ServerNode = { site, processes, exit: null, gone: false };
      return server;
    });
    this.cluster = new ServerCluster(servers, deployment, ({ site }) => this.clocks.get(site.id)?.apply());
  }

  get network(): Switch {
    if (this.switch === null) throw new Error('the run has not started');
    return this.switch;
  }

  clock(node: NodeId): NodeClock {
    const clock = this.clocks.get(node);
    if (clock === undefined) throw new Error(`the clock of ${node} can't be skewed in this run`);
    return clock;
  }

  disk(node: NodeId): NodeDisk {
    const disk = this.disks.get(node);
    if (disk === undefined) throw new Error(`the disk of ${node} can't be injured in this run`);
    return disk;
  }

  /** Time since the run began, ns. */
  now(): Nanos {
    return Number(process.hrtime.bigint() - this.began);
  }

  /** Makes a node lie to its peers, or stop it. */
  async lie(node: NodeId, policy: LiePolicy | null): Promise<void> {
    const { lie } = this.options.deployment;
    if (lie === undefined) throw new Error('real servers do not lie at a command');
    if (policy === null) this.liars.delete(node);
    else this.liars.add(node);
    await lie(this.cluster.node(node).site, policy);
  }

  async stopLies(): Promise<void> {
    for (const node of [...this.liars]) await this.lie(node, null);
  }

  observe(listener: (observation: Observation) => void): void {
    this.listeners.push(listener);
  }

  report(observation: Observation): void {
    for (const listener of this.listeners) listener(observation);
  }

  /** Sets everything up and brings the cluster to its first readiness; then time begins. */
  async start(): Promise<void> {
    this.setup = this.setUp();
    await this.setup;
    this.options.deployment.onTrace?.((node, event) => {
      this.trace.push({ time: this.now(), node, event });
      this.report({ f: 'node/trace', node, value: event });
    });
    await this.cluster.bootstrap();
    if (this.ending) throw new Error('the run has ended');
    this.began = process.hrtime.bigint();
    if (this.injures('clock/')) await this.openClocks();
    const leaders = watchLeaders(this.cluster);
    this.leaders = leaders.now;
    this.endings.push(
      leaders.end,
      sampleUsage(this.cluster, () => this.now(), join(this.folder, 'samples.jsonl')),
      watchLag(
        () => this.now(),
        (stall) => this.report({ f: 'controller/lag', value: stall }),
      ),
    );
  }

  /** Makes disks, folders, namespaces and the switch. */
  private async setUp(): Promise<void> {
    const { nodes, deployment } = this.options;
    mkdirSync(folderOf(this.lease), { recursive: true });
    // Servers that are not root must find their folders below it.
    chmodSync(folderOf(this.lease), 0o755);
    if (this.injures('disk/')) await this.mountDisks();
    for (const site of this.cluster.nodes) makeSite(site, this.cluster.nodes, deployment);
    // Whoever stops the run meanwhile waits for this step, and there is no next.
    if (this.ending) throw new Error('the run has ended');
    this.devices = await makeNamespaces(this.lease, nodes.length, await loadLibc());
    this.switch = this.startSwitch(this.devices);
  }

  /** Ends everything and takes it away again. Repeatable, and after a start that failed too. */
  async stop(): Promise<Readonly<Record<string, number>>> {
    this.ending = true;
    this.cluster.end();
    // A start that is given up half way makes no more once this is done.
    await this.setup?.catch(() => {});
    for (const end of this.endings.splice(0)) end();
    for (const clock of this.clocks.values()) clock.close();
    const killed = Promise.allSettled(this.cluster.all().map(({ processes }) => processes.kill()));
    // Processes that wait for a slow disk end only with it; their logs may lie on it.
    const disks = [...this.disks.values()];
    await Promise.allSettled(disks.map((disk) => disk.heal()));
    await killed;
    this.keepLogs();
    // What now still lives or is mounted is undone at the end, or told.
    await Promise.allSettled(disks.map((disk) => disk.unmount()));
    await this.switch?.stop(this.options.capture ? join(this.folder, 'packets.pcap') : undefined);
    const counts = { ...this.switch?.counts, exits: this.exits, nanos: this.now() };
    this.devices?.close();
    this.devices = null;
    undo(this.lease);
    return counts;
  }

  private groupOf(node: NodeId) {
    const group = cgroupOf(this.lease);
    if (group !== null) return controlGroup(join(group, node));
    return markedGroup(Object.entries(this.marks(node)).map(([name, value]) => `${name}=${value}`));
  }

  private marks(node: NodeId): Record<string, string> {
    const [name, value] = markOf(this.lease).split('=') as [string, string];
    return { [name]: value, MOMUS_NODE: node };
  }

  private startSwitch({ all }: Devices): Switch {
    const { nodes, random, faultyClients, capture } = this.options;
    const addresses = [...nodes.map((_, i) => addressOf(this.lease, i + 1)), clientsAddress(this.lease)];
    const made = new Switch({
      nodes,
      devices: all,
      addresses: addresses.map(asNumber),
      seed: random.fork('network').uint32(),
      faultyClients,
      capture,
    });
    made.failure.catch(this.fail);
    return made;
  }

  /** Whether the run may want faults of this kind; what it won't want costs nothing. */
  private injures(kind: 'clock/' | 'disk/'): boolean {
    return [...this.options.faults].some((fault) => fault.startsWith(kind));
  }

  private async mountDisks(): Promise<void> {
    const { random } = this.options;
    const mounting = this.cluster.nodes.map(async ({ id, data }) => {
      const disk = await NodeDisk.mount({
        run: String(this.lease.id),
        node: id,
        mountPoint: data,
        backing: join(folderOf(this.lease), id, 'disk'),
        seed: String(random.fork(`disk/${id}`).uint32()),
      });
      this.disks.set(id, disk);
    });
    await Promise.all(mounting);
  }

  private async openClocks(): Promise<void> {
    const { wallClock } = this.options.deployment;
    for (const { site, processes } of this.cluster.all()) {
      const clock = await NodeClock.open({
        now: () => this.now(),
        processes: () => processes.pids(),
        frozen: () => processes.paused,
        onRefusal: (pid, why) => this.report({ f: 'clock/refused', node: site.id, value: { pid, why } }),
      });
      this.clocks.set(site.id, clock);
      if (wallClock === undefined) continue;
      const [skewed] = await proveSkew(
        clock,
        () =>
          within(TELLS_WITHIN, wallClock.ask(site, this.cluster), () => `${site.id} does not tell its time`),
        wallClock.granularity,
        PROOF,
      );
      this.report({ f: 'clock/proof', node: site.id, value: skewed });
      if (!skewed.sees)
        throw new UsageError(
          `${site.id} does not see its skewed clock: moved by ${PROOF / SECOND} s it says it is ${skewed.seen / SECOND} s ahead; a program that asks the kernel itself can't be deceived, so leave clock faults out`,
        );
    }
    this.endings.push(
      every(OFFSETS_EVERY, () => {
        const offsets = [...this.clocks].map(([node, clock]) => [node, clock.reading().wall] as const);
        this.report({ f: 'clock/offsets', value: Object.fromEntries(offsets) });
      }),
    );
  }

  /** A server ended by itself: the rest of its node ends too, and a supervisor starts it again. */
  private exited(server: ServerNode, exit: UnexpectedExit): void {
    server.exit = exit;
    if (this.ending) return;
    this.exits++;
    const node = server.site.id;
    this.report({ f: 'process/exit', node, value: exit });
    const timer = setTimeout(() => {
      // Whoever killed or started it meanwhile decides now.
      if (server.exit !== exit || this.ending) return;
      void this.cluster.start(node).then(
        () => this.report({ f: 'process/restart', node, value: null }),
        (error: Error) => {
          if (!this.ending) this.report({ f: 'process/not-ready', node, value: error.message });
        },
      );
    }, SUPERVISOR_DELAY);
    this.endings.push(() => clearTimeout(timer));
  }

  private keepLogs(): void {
    const { deployment } = this.options;
    for (const site of this.cluster.nodes) {
      for (const log of deployment.logs?.(site) ?? []) {
        try {
          cpSync(log, join(this.folder, 'logs', site.id, basename(log)), { recursive: true });
        } catch {
          // A server that never came so far has no log.
        }
      }
    }
  }
}

function asNumber(address: string): number {
  return address.split('.').reduce((number, part) => number * 256 + Number(part), 0);
}
