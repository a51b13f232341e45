import type { UnsyncedFate } from '../../src/faults/fault.ts';
import { programDisk, SimDisk, type Sync } from '../../src/sim/disk.ts';
import type { Nanos } from '../../src/world/nanos.ts';
import type { NodeContext, NodeProgram, RequestId } from '../../src/world/node-program.ts';
import { randomOf } from '../../src/world/random.ts';

/** One node on a bench: the test is its network and its clock, and decides when its syncs are done. */
export class NodeBench<M, Q> {
  readonly disk = new SimDisk(randomOf('disk'));
  readonly id: string;
  sent: { to: string; message: M }[] = [];
  replies: { to: RequestId; answer: unknown }[] = [];
  /** What its wall clock shows. */
  wall: Nanos = 0;
  program!: NodeProgram<M, Q>;
  private readonly peers: readonly string[];
  private readonly make: (context: NodeContext<M>) => NodeProgram<M, Q>;
  private now: Nanos = 0;
  private timers = new Map<string, Nanos>();
  private syncs: Sync[] = [];
  private asked = 0;

  /** The node is the first of `nodes`. */
  constructor(make: (context: NodeContext<M>) => NodeProgram<M, Q>, nodes = ['n1', 'n2', 'n3']) {
    this.make = make;
    this.id = nodes[0]!;
    this.peers = nodes.slice(1);
    this.start();
  }

  /** A process begins on this disk. */
  start(): void {
    this.timers.clear();
    this.syncs = [];
    this.program = this.make({
      id: this.id,
      peers: this.peers,
      random: randomOf('node'),
      wallClock: () => this.wall,
      monotonic: () => this.now,
      send: (to, message) => this.sent.push({ to, message }),
      reply: (to, answer) => this.replies.push({ to, answer }),
      setTimer: (name, delay) => this.timers.set(name, this.now + delay),
      cancelTimer: (name) => this.timers.delete(name),
      disk: programDisk(this.disk, (tag) => this.syncs.push(this.disk.beginSync(tag, this.now))),
      trace: () => {},
    });
    this.program.onStart?.();
  }

  /** The power goes, and what was not synced with it. */
  losePowerAndRestart(fate: UnsyncedFate = 'lost'): void {
    this.disk.losePower(fate);
    this.start();
  }

  /** Ends the syncs under way, and those that begin thereupon. */
  sync(): void {
    for (let sync = this.syncs.shift(); sync !== undefined; sync = this.syncs.shift()) {
      this.disk.finishSync(sync);
      this.program.onSynced?.(sync.tag);
    }
  }

  /** Lets time pass; timers go off. */
  wait(duration: Nanos): void {
    const end = this.now + duration;
    for (;;) {
      const [name, at] = [...this.timers].sort(([, a], [, b]) => a - b)[0] ?? ['', Number.POSITIVE_INFINITY];
      if (at > end) break;
      this.now = at;
      this.timers.delete(name);
      this.program.onTimer?.(name);
    }
    this.now = end;
  }

  receive(from: string, message: M): void {
    this.program.onMessage(from, message);
  }

  /** A client asks. */
  ask(query: Q): RequestId {
    const request: RequestId = { client: 'c1', id: ++this.asked };
    this.program.onRequest?.(request, query);
    return request;
  }

  /** What was sent since the last call. */
  take(): { to: string; message: M }[] {
    const { sent } = this;
    this.sent = [];
    return sent;
  }

  /** The answers since the last call. */
  takeAnswers(): unknown[] {
    const { replies } = this;
    this.replies = [];
    return replies.map(({ answer }) => answer);
  }
}
