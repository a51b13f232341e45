import { type ClockState, monotonicAt, trueDuration, wallAt } from '../faults/clock.ts';
import type { NodeId } from '../faults/fault.ts';
import { type LiarState, type LiePolicy, lie } from '../faults/lie.ts';
import { LOST } from '../faults/link.ts';
import type { Nanos } from '../world/nanos.ts';
import type { Disk, NodeContext, NodeProgram, RequestId } from '../world/node-program.ts';
import type { RandomStream } from '../world/random.ts';
import { signedAnew } from '../world/signature.ts';
import { programDisk, type SimDisk, type Sync } from './disk.ts';
import { DELIVER, SYNCED, TIMER } from './event-queue.ts';
import { freezeMessage } from './freeze.ts';
import type { Alarm, Simulation } from './simulation.ts';

/** One simulated machine: its clock and disk outlive the processes that run on it, one after another. */
export class SimNode {
  readonly id: NodeId;
  readonly index: number;
  readonly disk: SimDisk;
  clock: ClockState;
  /** The process that runs now. */
  process: NodeProcess | null = null;
  paused = false;
  /** How it lies to other nodes while it does. */
  liar: { readonly policy: LiePolicy; readonly state: LiarState } | null = null;
  /** Crash-stop: never started again. */
  gone = false;
  /** Processes started so far. */
  starts = 0;
  /** The supervisor's intent to start a process that crashed by itself; whoever ends a process on purpose annuls it. */
  restart: Alarm | null = null;
  /** What came while the process was paused; it is dealt with at once when it resumes. */
  backlog: { kind: number; b: number; payload: unknown }[] = [];

  constructor(id: NodeId, index: number, clock: ClockState, disk: SimDisk) {
    this.id = id;
    this.index = index;
    this.clock = clock;
    this.disk = disk;
  }
}

/** A named timer. Setting it to a later time costs nothing: the queued event finds the new deadline and goes back. */
export interface Timer {
  readonly name: string;
  readonly process: NodeProcess;
  armed: boolean;
  /** True time. */
  deadline: number;
  /** When its queued event comes; -1 when none is queued. */
  queuedAt: number;
  /** Events of older versions are stale. */
  version: number;
}

/** The end of a sync. The disk knows at once; the process may hear of it later, when it was paused. */
export interface SyncEnd {
  readonly sync: Sync;
  readonly process: NodeProcess;
  diskDone: boolean;
}

/** One life of a node program, and the context through which it has effects. A dead process has none. */
export class NodeProcess implements NodeContext<unknown> {
  readonly id: NodeId;
  readonly peers: readonly NodeId[];
  readonly random: RandomStream;
  readonly disk: Disk;
  program!: NodeProgram<unknown, unknown>;
  readonly node: SimNode;
  private readonly sim: Simulation;
  private readonly startedAt: Nanos;
  private readonly timers = new Map<string, Timer>();

  constructor(sim: Simulation, node: SimNode) {
    this.sim = sim;
    this.node = node;
    this.id = node.id;
    this.peers = sim.nodeIds.filter((id) => id !== node.id);
    this.random = sim.random.fork(`node/${node.id}/${node.starts}`);
    this.startedAt = monotonicAt(node.clock, sim.now);
    this.disk = programDisk(node.disk, (tag) => this.sync(tag));
  }

  get alive(): boolean {
    return this.node.process === this;
  }

  // A program may take its context apart.
  wallClock = (): Nanos => {
    return wallAt(this.node.clock, this.sim.now);
  };

  monotonic = (): Nanos => {
    return monotonicAt(this.node.clock, this.sim.now) - this.startedAt;
  };

  send = (to: NodeId, message: unknown): void => {
    if (!this.alive) return;
    const { sim } = this;
    const receiver = sim.indexOf.get(to);
    if (receiver === undefined) throw new Error(`${this.id} sent a message to "${to}", which is no node`);
    freezeMessage(message);
    const { liar } = this.node;
    if (liar === null) {
      this.transmit(receiver, message);
      return;
    }
    for (const said of lie(liar.policy, liar.state, message, sim.liars)) {
      const sealed = said === message ? said : signedAnew(this.id, said);
      freezeMessage(sealed);
      this.transmit(receiver, sealed);
    }
  };

  private transmit(receiver: number, message: unknown): void {
    const { sim } = this;
    const sender = this.node.index;
    const at = sim.network.arrival(sender, receiver, sim.now, message);
    if (at !== LOST)
      sim.queue.push(at, DELIVER, receiver, sender, sim.network.carried(sender, receiver, message, sim.now));
    const again = sim.network.secondArrival(sender, receiver, sim.now);
    if (again !== LOST)
      sim.queue.push(
        again,
        DELIVER,
        receiver,
        sender,
        sim.network.carried(sender, receiver, message, sim.now),
      );
    if (sim.onTravel === undefined) return;
    const to = sim.nodeIds[receiver]!;
    const travel = { from: this.id, to, sent: sim.now, content: message };
    sim.onTravel({ ...travel, arrives: at === LOST ? null : at });
    if (again !== LOST) sim.onTravel({ ...travel, arrives: again });
  }

  reply = (to: RequestId, answer: unknown): void => {
    if (!this.alive) return;
    freezeMessage(answer);
    this.sim.clientById(to.client).answer({ id: to.id, answer }, this.id);
  };

  setTimer = (name: string, delay: Nanos): void => {
    if (!this.alive) return;
    let timer = this.timers.get(name);
    if (timer === undefined) {
      timer = { name, process: this, armed: false, deadline: 0, queuedAt: -1, version: 0 };
      this.timers.set(name, timer);
    }
    timer.armed = true;
    timer.deadline = this.sim.now + trueDuration(this.node.clock, delay);
    this.enqueue(timer);
  };

  cancelTimer = (name: string): void => {
    const timer = this.timers.get(name);
    if (timer !== undefined) timer.armed = false;
  };

  trace = (event: unknown): void => {
    if (this.alive) this.sim.traceEvent(this.id, event);
  };

  /** Whether a popped timer event means that the timer goes off now. */
  expires(timer: Timer, version: number): boolean {
    if (timer.version !== version) return false;
    timer.queuedAt = -1;
    if (timer.armed && timer.deadline > this.sim.now && this.alive) {
      this.enqueue(timer);
      return false;
    }
    // Names may be used once each, for one operation, say: forget them.
    this.timers.delete(timer.name);
    return timer.armed && this.alive;
  }

  /** The oscillator ran `before` ppm too fast until now: what timers still have to run takes another time. */
  retime(before: number): void {
    const { now } = this.sim;
    for (const timer of this.timers.values()) {
      if (!timer.armed) continue;
      const left = Math.round((timer.deadline - now) * (1 + before / 1e6));
      timer.deadline = now + trueDuration(this.node.clock, left);
      this.enqueue(timer);
    }
  }

  private enqueue(timer: Timer): void {
    if (timer.queuedAt >= 0 && timer.queuedAt <= timer.deadline) return;
    timer.version++;
    timer.queuedAt = timer.deadline;
    this.sim.queue.push(timer.deadline, TIMER, this.node.index, timer.version, timer);
  }

  private sync(tag: string): void {
    if (!this.alive) return;
    const sync = this.node.disk.beginSync(tag, this.sim.now);
    const end: SyncEnd = { sync, process: this, diskDone: false };
    this.sim.queue.push(sync.done, SYNCED, this.node.index, 0, end);
  }
}
