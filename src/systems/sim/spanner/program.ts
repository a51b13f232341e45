import type { NodeId } from '../../../faults/fault.ts';
import type { Nanos } from '../../../world/nanos.ts';
import type { DiskError, NodeContext, NodeProgram, RequestId } from '../../../world/node-program.ts';
import type { Message as PaxosMessage } from '../shared/multi-paxos/messages.ts';
import { GroupProgram, type Surroundings } from './group.ts';
import { groupContext } from './group-context.ts';
import type { GroupMessage, Message, Query, Reply } from './messages.ts';
import { groupOf } from './messages.ts';
import type { Settings } from './settings.ts';
import { type TrueTime, trueTime } from './truetime.ts';

/** A read at one time that waits until this node's replicas have all that it must see. */
interface SnapshotRead {
  readonly request: RequestId;
  readonly keys: readonly string[] | null;
  readonly at: Nanos;
  readonly since: Nanos;
  /** Groups that have not confirmed that what they show is safe; null while it waits for them to get so far. */
  unconfirmed: Set<number> | null;
}

/** A read that can't be served for so long is given up; its client has turned elsewhere. */
const PATIENCE: Nanos = 3_000_000_000;
const READS = 'reads';

export interface SpannerOptions {
  readonly settings: Settings;
  readonly bugs: ReadonlySet<string>;
  readonly first: ReadonlyMap<string, unknown>;
}

/** A server with a replica of every group. */
export class SpannerNode implements NodeProgram<Message, Query> {
  private readonly context: NodeContext<Message>;
  private readonly options: SpannerOptions;
  private readonly time: TrueTime;
  private readonly groups: readonly GroupProgram[];
  private readonly reads = new Map<number, SnapshotRead>();
  private begun = 0;

  constructor(context: NodeContext<Message>, options: SpannerOptions) {
    const { settings, bugs, first } = options;
    this.context = context;
    this.options = options;
    // Whoever believes in better clocks than there are waits too little, and reads the past for the present.
    this.time = trueTime(context, bugs.has('epsilon-understated') ? settings.epsilon / 10 : settings.epsilon);
    const surroundings: Surroundings = {
      settings,
      bugs,
      time: this.time,
      first,
      deliver: (message) => this.deliver(context.id, message),
      applied: () => this.serveReads(),
    };
    const numbers = Array.from({ length: settings.groups }, (_, group) => group);
    this.groups = numbers.map((group) => {
      const own = new Map([...first].filter(([key]) => groupOf(key, settings.groups) === group));
      return new GroupProgram(groupContext(context, group), group, { ...surroundings, first: own });
    });
  }

  onStart(): void {
    for (const group of this.groups) group.onStart();
    this.context.setTimer(READS, this.options.settings.resend);
  }

  onMessage(from: NodeId, { group, message }: Message): void {
    this.groups[group]!.onMessage(from, message as PaxosMessage);
  }

  onRequest(request: RequestId, query: Query): void {
    if (query.type === 'snapshot') this.beginRead(request, query.keys);
    else if (query.type === 'commit') this.groups[query.parts[0]!.group]!.onTransaction(request, query);
    else this.groups[query.group]!.onTransaction(request, query);
  }

  /** Timers and syncs have the number of their group before their name. */
  onTimer(name: string): void {
    if (name === READS) {
      this.context.setTimer(READS, this.options.settings.resend);
      this.askForReads();
      return;
    }
    const slash = name.indexOf('/');
    this.groups[Number(name.slice(0, slash))]!.onTimer(name.slice(slash + 1));
  }

  onSynced(tag: string, error?: DiskError): void {
    const slash = tag.indexOf('/');
    this.groups[Number(tag.slice(0, slash))]!.onSynced(tag.slice(slash + 1), error);
  }

  leads(): boolean {
    return this.groups.some((group) => group.leads());
  }

  private deliver(from: NodeId, message: GroupMessage): void {
    if (message.type !== 'shown') {
      this.groups[message.group]!.onMessage(from, message);
      return;
    }
    const read = this.reads.get(message.read);
    if (read?.unconfirmed?.delete(message.group) !== true || read.unconfirmed.size > 0) return;
    this.reads.delete(message.read);
    this.context.reply(read.request, { type: 'values', values: this.valuesOf(read) } satisfies Reply);
  }

  /** A read-only transaction: everything as of a time that no commit before it can be later than (§4.2.2). */
  private beginRead(request: RequestId, keys: readonly string[] | null): void {
    const at = this.time.latest();
    const since = this.context.monotonic();
    this.reads.set(++this.begun, { request, keys, at, since, unconfirmed: null });
    this.serveReads();
    this.askForReads();
  }

  /** Has the groups' leaders see to it that replicas get as far as reads need. */
  private askForReads(): void {
    const now = this.context.monotonic();
    for (const [id, { at, since }] of this.reads) {
      if (now - since > PATIENCE) this.reads.delete(id);
      else
        for (const group of this.groups)
          if (group.replica.last < at) group.tell({ type: 'advance', group: group.group, ts: at });
    }
  }

  private serveReads(): void {
    for (const [id, read] of this.reads) {
      // Below that time something may still be on its way to this replica (§4.1.3).
      const safe = this.groups.every(({ replica }) => replica.isSafe(read.at));
      if (read.unconfirmed !== null || !(safe || this.options.bugs.has('ignores-safe-time'))) continue;
      read.unconfirmed = new Set(this.groups.map(({ group }) => group));
      for (const group of this.groups) group.tellItself({ type: 'shown', group: group.group, read: id });
    }
  }

  private valuesOf({ keys, at }: SnapshotRead): (readonly [string, unknown])[] {
    const all = keys ?? this.groups.flatMap(({ replica }) => replica.keys());
    const { groups } = this.options.settings;
    return all.map((key) => [key, this.groups[groupOf(key, groups)]!.replica.read(key, at)]);
  }
}
