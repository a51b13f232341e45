import type { UnsyncedFate } from '../../../src/faults/fault.ts';
import { programDisk, SimDisk, type Sync } from '../../../src/sim/disk.ts';
import { type BugName, switches } from '../../../src/systems/sim/raft/bugs.ts';
import type { Body, Entry } from '../../../src/systems/sim/raft/entry.ts';
import type { Append, Appended, Message, VoteRequest } from '../../../src/systems/sim/raft/messages.ts';
import type { RaftNode } from '../../../src/systems/sim/raft/node.ts';
import { RaftProgram } from '../../../src/systems/sim/raft/program.ts';
import { PARAMETERS } from '../../../src/systems/sim/raft/settings.ts';
import type { Operation } from '../../../src/systems/sim/shared/state-machine.ts';
import { MILLISECOND, type Nanos } from '../../../src/world/nanos.ts';
import { DiskError, type NodeContext, type RequestId } from '../../../src/world/node-program.ts';
import { readParameters } from '../../../src/world/parameters.ts';
import { randomOf } from '../../../src/world/random.ts';

export interface BenchOptions {
  readonly id?: string;
  readonly nodes?: readonly string[];
  readonly bugs?: readonly BugName[];
  readonly parameters?: Readonly<Record<string, unknown>>;
}

/** One Raft node on a bench: the test is its network, its clock, and decides when its syncs are done. */
export class Bench {
  readonly disk = new SimDisk(randomOf('disk'));
  sent: { to: string; message: Message }[] = [];
  replies: { to: RequestId; answer: unknown }[] = [];
  program!: RaftProgram;
  private readonly options: BenchOptions;
  private now: Nanos = 0;
  private timers = new Map<string, Nanos>();
  private syncs: Sync[] = [];
  private asked = 0;

  constructor(options: BenchOptions = {}) {
    this.options = options;
    this.start();
  }

  get node(): RaftNode {
    return this.program.node;
  }

  /** A process begins on this disk; it throws what the program throws. */
  start(): void {
    const { id = 'n1', nodes = ['n1', 'n2', 'n3', 'n4', 'n5'], bugs = [], parameters = {} } = this.options;
    this.timers.clear();
    this.syncs = [];
    this.sent = [];
    const context: NodeContext<Message> = {
      id,
      peers: nodes.filter((node) => node !== id),
      random: randomOf('node'),
      wallClock: () => this.now,
      monotonic: () => this.now,
      send: (to, message) => this.sent.push({ to, message }),
      reply: (to, answer) => this.replies.push({ to, answer }),
      setTimer: (name, delay) => this.timers.set(name, this.now + delay),
      cancelTimer: (name) => this.timers.delete(name),
      disk: programDisk(this.disk, (tag) => this.syncs.push(this.disk.beginSync(tag, this.now))),
      trace: () => {},
    };
    const settings = readParameters(PARAMETERS, parameters, 'raft');
    this.program = new RaftProgram(context, settings, switches(new Set(bugs)));
    this.program.onStart();
  }

  /** The process dies; what it wrote stays in the page cache. */
  killAndRestart(): void {
    this.start();
  }

  /** The power goes with what was not synced. */
  losePowerAndRestart(fate: UnsyncedFate = 'lost'): void {
    this.disk.losePower(fate);
    this.start();
  }

  /** Ends the syncs under way, and those that begin thereupon. */
  sync(): void {
    while (this.syncs.length > 0) this.syncOnce();
  }

  syncOnce(): void {
    const sync = this.syncs.shift()!;
    this.disk.finishSync(sync);
    this.program.onSynced(sync.tag);
  }

  failSync(): void {
    this.program.onSynced(this.syncs.shift()!.tag, new DiskError('EIO', 'sync failed'));
  }

  get syncing(): boolean {
    return this.syncs.length > 0;
  }

  /** Lets time pass; timers go off. */
  wait(duration: Nanos): void {
    const end = this.now + duration;
    for (;;) {
      const [name, at] = [...this.timers].sort(([, a], [, b]) => a - b)[0] ?? ['', Number.POSITIVE_INFINITY];
      if (at > end) break;
      this.now = at;
      this.timers.delete(name);
      this.program.onTimer(name);
    }
    this.now = end;
  }

  receive(from: string, message: Message): void {
    this.program.onMessage(from, message);
  }

  /** A client asks; its sequence number says which of its requests this is. */
  ask(client: string, sequence: number, operation: Operation): RequestId {
    const request: RequestId = { client, id: ++this.asked };
    this.program.onRequest(request, { client, sequence, operation });
    return request;
  }

  /** What was sent since the last call. */
  take(): { to: string; message: Message }[] {
    const { sent } = this;
    this.sent = [];
    return sent;
  }

  answersTo(client: string): unknown[] {
    return this.replies.filter(({ to }) => to.client === client).map(({ answer }) => answer);
  }

  /** Makes it the leader of the next term, by the votes of all the others; its no-op is not on disk yet. */
  elect(): void {
    while (this.node.role === 'follower') this.wait(20 * MILLISECOND);
    const { node } = this;
    const vote = { type: 'vote', granted: true } as const;
    for (const peer of node.context.peers) this.receive(peer, { ...vote, term: node.term + 1, pre: true });
    // Only the vote: what is written thereafter is the test's affair.
    while (node.role === 'candidate' && node.promises.length > 0) this.syncOnce();
    for (const peer of node.context.peers) this.receive(peer, { ...vote, term: node.term, pre: false });
    this.take();
  }

  /** A follower says that its log on disk equals the leader's up to `index`. */
  acknowledge(from: string, index: number): void {
    const { term, leadership } = this.node;
    this.receive(from, appended(term, index, leadership?.round ?? 0));
  }
}

export function appended(term: number, index: number, round = 0): Appended {
  return { type: 'appended', term, ok: true, index, conflictIndex: 0, conflictTerm: 0, round };
}

export function voteRequest(term: number, lastIndex: number, lastTerm: number): VoteRequest {
  return { type: 'vote-request', term, pre: false, lastIndex, lastTerm };
}

/** Commands of the terms given, at the indices from `first` on. */
export function commands(first: number, ...terms: readonly number[]): Entry[] {
  return terms.map((term, i) => ({ index: first + i, term, body: write(`c${first + i}`, 1, first + i) }));
}

export function write(client: string, sequence: number, value: number): Body {
  return { type: 'command', client, sequence, operation: { f: 'write', key: 'x', value } };
}

export function append(
  term: number,
  [prevIndex, prevTerm]: readonly [number, number],
  entries: readonly Entry[] = [],
  commit = 0,
): Append {
  return { type: 'append', term, prevIndex, prevTerm, entries, commit, round: 0 };
}

/** The terms of the entries in the node's log, in order. */
export function terms(node: RaftNode): number[] {
  return node.log.entries.map(({ term }) => term);
}

export const READ_X: Operation = { f: 'read', key: 'x', value: null };

export function writeX(value: number): Operation {
  return { f: 'write', key: 'x', value };
}
