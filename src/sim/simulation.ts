import { type ClockCorrection, correctClock, driftClock, trueClock } from '../faults/clock.ts';
import type { Link, NodeId } from '../faults/fault.ts';
import { listen } from '../faults/lie.ts';
import { release } from '../faults/link.ts';
import { type Nanos, SECOND } from '../world/nanos.ts';
import { DiskError, type Effect } from '../world/node-program.ts';
import type { RandomStream } from '../world/random.ts';
import type { SimDeployment } from '../world/system.ts';
import type { Travel } from '../world/travel.ts';
import type { TraceEvent } from '../world/world.ts';
import { type Chance, SteadyChance, streamOfChance } from './chance.ts';
import { type Answer, type Request, SimClient } from './client.ts';
import { Coverage } from './coverage.ts';
import { describeEvent } from './describe.ts';
import { SimDisk } from './disk.ts';
import { ANSWER, DELIVER, EventQueue, REQUEST, SYNCED, TIMER, WAKE } from './event-queue.ts';
import { NondeterminismError } from './guard.ts';
import { Network } from './network.ts';
import { NodeProcess, SimNode, type SyncEnd, type Timer } from './node.ts';

/** Wall clocks count from here (ns): far enough from zero that a clock may be set back by days. */
const EPOCH: Nanos = 1_000_000 * SECOND;

/** A process that crashed by itself is started again after this long, as by a supervisor. */
const SUPERVISOR_DELAY: Nanos = SECOND;

export interface SimOptions {
  readonly deployment: SimDeployment;
  readonly nodes: readonly NodeId[];
  readonly random: RandomStream;
  /** Corrects every wall clock as an NTP client would. */
  readonly ntp?: ClockCorrection;
  /** Whether the chance of a message follows from its link and the moment alone. */
  readonly steady?: boolean;
  /** Keeps what node programs trace. */
  readonly trace?: boolean;
  /** Gets a line for every event that the simulator performs. */
  readonly onStep?: (line: string) => void;
  /** Notes small abstractions of what happens. */
  readonly coverage?: boolean;
  /** Hears of every message as it is sent. */
  readonly onTravel?: (travel: Travel) => void;
}

/** A wake-up of somebody outside the nodes; `wake` is null once cancelled. */
export interface Alarm {
  wake: (() => void) | null;
}

/** The state of a simulated world, and its only way to change: one event after another. */
export class Simulation {
  now: Nanos = 0;
  /** Events performed. */
  events = 0;
  crashes = 0;
  /** An event completed a promise: microtasks must run before the next event. */
  unsettled = false;
  readonly queue = new EventQueue();
  readonly nodeIds: readonly NodeId[];
  readonly nodes: readonly SimNode[];
  readonly indexOf: ReadonlyMap<NodeId, number>;
  readonly random: RandomStream;
  readonly network: Network;
  readonly clientLinks: Chance;
  /** What liars draw from. */
  readonly liars: RandomStream;
  readonly trace: TraceEvent[] = [];
  readonly onTravel: ((travel: Travel) => void) | undefined;
  readonly coverage: Coverage | null;
  private readonly clients: SimClient[] = [];
  private readonly options: SimOptions;

  constructor(options: SimOptions) {
    this.options = options;
    this.onTravel = options.onTravel;
    this.random = options.random;
    this.nodeIds = options.nodes;
    this.indexOf = new Map(options.nodes.map((id, i) => [id, i]));
    const { length } = options.nodes;
    const chance = (random: RandomStream, lines: number): Chance =>
      options.steady ? new SteadyChance(random, lines) : streamOfChance(random);
    this.network = new Network(options.nodes, chance(this.random.fork('network'), length * length));
    this.clientLinks = chance(this.random.fork('client-links'), 2 * length);
    this.liars = this.random.fork('liars');
    this.nodes = options.nodes.map((id, i) => {
      const random = this.random.fork(`disk/${id}`);
      return new SimNode(id, i, trueClock(EPOCH), new SimDisk(random, chance(random, 1)));
    });
    this.coverage = options.coverage ? new Coverage(this.nodes) : null;
    if (options.ntp !== undefined) for (const node of this.nodes) this.keepCorrect(node, options.ntp);
  }

  /** Performs the next event; false when there is none. */
  step(): boolean {
    const { queue } = this;
    if (!queue.pop()) return false;
    this.now = queue.time;
    switch (queue.kind) {
      case DELIVER:
        this.deliver(this.nodes[queue.a]!, queue.b, queue.payload);
        break;
      case TIMER:
        this.timer(this.nodes[queue.a]!, queue.b, queue.payload as Timer);
        break;
      case SYNCED:
        this.synced(this.nodes[queue.a]!, queue.payload as SyncEnd);
        break;
      case REQUEST:
        this.request(this.nodes[queue.a]!, queue.b, queue.payload as Request);
        break;
      case ANSWER:
        this.report(ANSWER, queue.a, 0, queue.payload);
        this.clients[queue.a]!.receive(queue.payload as Answer);
        this.unsettled = true;
        break;
      case WAKE:
        this.wake(queue.payload as Alarm | (() => void));
        break;
    }
    return true;
  }

  newClient(process: number): SimClient {
    const client = new SimClient(this, this.clients.length, process);
    this.clients.push(client);
    return client;
  }

  clientById(id: NodeId): SimClient {
    const client = this.clients[Number(id.slice(1)) - 1];
    if (client === undefined) throw new Error(`a reply to "${id}", which is no client`);
    return client;
  }

  /** Starts a process on the node, if it has none and may have one. */
  start(node: SimNode): boolean {
    if (node.process !== null || node.gone) return false;
    if (node.restart !== null) node.restart.wake = null;
    node.restart = null;
    node.starts++;
    const process = new NodeProcess(this, node);
    node.process = process;
    try {
      process.program = this.options.deployment.program(process);
      this.settle(process, process.program.onStart?.());
    } catch (error) {
      this.crash(process, error);
    }
    return true;
  }

  /** Ends the node's process; it stays dead until somebody starts it. `resets`: its machine lives on and resets its connections. */
  kill(node: SimNode, resets: boolean): boolean {
    if (node.restart !== null) node.restart.wake = null;
    node.restart = null;
    if (node.process === null) return false;
    node.process = null;
    node.paused = false;
    node.backlog = [];
    if (resets) for (const client of this.clients) client.connectionLost(node.index);
    return true;
  }

  resume(node: SimNode): boolean {
    if (!node.paused) return false;
    node.paused = false;
    for (const { kind, b, payload } of node.backlog) this.queue.push(this.now, kind, node.index, b, payload);
    node.backlog = [];
    return true;
  }

  /** Gives links, or all, their first policy back, also for what is under way: it comes as on a healthy link, in its order. */
  unshape(links?: readonly Link[]): void {
    const { network, queue, now } = this;
    const lifted = new Map(
      network
        .unshape(links)
        .map((link) => [link, release(network.policies[link]!, network.states[link]!, now)]),
    );
    if (lifted.size === 0) return;
    queue.hasten((kind, to, from) => (kind === DELIVER ? lifted.get(from * network.size + to) : undefined));
  }

  /** The node's oscillator changes its rate, and with it what its timers still have to run. */
  drift(node: SimNode, ppm: number): void {
    const before = node.clock.ppm;
    node.clock = driftClock(node.clock, this.now, ppm);
    node.process?.retime(before);
  }

  traceEvent(node: NodeId, event: unknown): void {
    if (this.options.trace) this.trace.push({ time: this.now, node, event });
  }

  get epoch(): Nanos {
    return EPOCH;
  }

  private deliver(node: SimNode, from: number, message: unknown): void {
    const { process } = node;
    if (process === null || this.network.resets(from, node.index)) return;
    if (node.paused) {
      node.backlog.push({ kind: DELIVER, b: from, payload: message });
      return;
    }
    if (node.liar !== null) listen(node.liar.state, message);
    this.report(DELIVER, node.index, from, message);
    try {
      this.settle(process, process.program.onMessage(this.nodeIds[from]!, message));
    } catch (error) {
      this.crash(process, error);
    }
  }

  private request(node: SimNode, client: number, request: Request): void {
    const { process } = node;
    if (process === null) {
      this.clients[client]!.answer({ id: request.id.id, answer: undefined, broken: 'refused' }, node.id);
      return;
    }
    if (node.paused) {
      node.backlog.push({ kind: REQUEST, b: client, payload: request });
      return;
    }
    this.report(REQUEST, node.index, client, request);
    try {
      this.settle(process, process.program.onRequest?.(request.id, request.query));
    } catch (error) {
      this.crash(process, error);
    }
  }

  private timer(node: SimNode, version: number, timer: Timer): void {
    if (node.paused && timer.process.alive) {
      node.backlog.push({ kind: TIMER, b: version, payload: timer });
      return;
    }
    const { process } = timer;
    if (!process.expires(timer, version)) return;
    this.report(TIMER, node.index, 0, timer.name);
    try {
      this.settle(process, process.program.onTimer?.(timer.name));
    } catch (error) {
      this.crash(process, error);
    }
  }

  private synced(node: SimNode, end: SyncEnd): void {
    if (!end.diskDone && !node.disk.finishSync(end.sync)) return;
    end.diskDone = true;
    const { process, sync } = end;
    if (!process.alive) return;
    if (node.paused) {
      node.backlog.push({ kind: SYNCED, b: 0, payload: end });
      return;
    }
    this.report(SYNCED, node.index, 0, sync.tag);
    const error = sync.fails ? new DiskError('EIO', `syncing ${node.id}'s disk failed`) : undefined;
    try {
      this.settle(process, process.program.onSynced?.(sync.tag, error));
    } catch (error) {
      this.crash(process, error);
    }
  }

  private wake(alarm: Alarm | (() => void)): void {
    const wake = typeof alarm === 'function' ? alarm : alarm.wake;
    if (wake === null) return;
    this.report(WAKE, 0, 0, undefined);
    wake();
    this.unsettled = true;
  }

  /** An async handler goes on in microtasks; if it rejects, that is a crash like any other. */
  private settle(process: NodeProcess, effect: Effect): void {
    if (!(effect instanceof Promise)) return;
    this.unsettled = true;
    effect.catch((error) => this.crash(process, error));
  }

  /** The program threw: its process is gone, and a supervisor will start another. */
  private crash(process: NodeProcess, error: unknown): void {
    if (error instanceof NondeterminismError) throw error;
    if (!process.alive) return;
    const { node } = process;
    this.crashes++;
    this.trace.push({ time: this.now, node: node.id, event: { crashed: String(error) } });
    this.kill(node, true);
    const restart: Alarm = { wake: () => this.start(node) };
    node.restart = restart;
    this.queue.push(this.now + SUPERVISOR_DELAY, WAKE, 0, 0, restart);
  }

  private keepCorrect(node: SimNode, ntp: ClockCorrection): void {
    const poll = () => {
      node.clock = correctClock(node.clock, this.now, EPOCH, ntp);
      this.queue.push(this.now + ntp.every, WAKE, 0, 0, poll);
    };
    this.queue.push(ntp.every, WAKE, 0, 0, poll);
  }

  private report(kind: number, a: number, b: number, payload: unknown): void {
    this.events++;
    this.coverage?.note(kind, a, b, payload);
    this.options.onStep?.(describeEvent(this, kind, a, b, payload));
  }
}
