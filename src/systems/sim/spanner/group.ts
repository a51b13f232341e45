import type { NodeId } from '../../../faults/fault.ts';
import type { Nanos } from '../../../world/nanos.ts';
import type { NodeContext, RequestId } from '../../../world/node-program.ts';
import { propose } from '../shared/multi-paxos/leader.ts';
import type { Message as PaxosMessage } from '../shared/multi-paxos/messages.ts';
import type { Leadership } from '../shared/multi-paxos/node.ts';
import { MultiPaxosProgram } from '../shared/multi-paxos/program.ts';
import type { OutputCommit } from '../shared/output-commit.ts';
import { Coordinator } from './coordinator.ts';
import { Locks } from './locks.ts';
import type { Entry, Group, GroupMessage, Outcome, Part, Query, Reply, Txn } from './messages.ts';
import { Replica } from './replica.ts';
import type { Settings } from './settings.ts';
import type { TrueTime } from './truetime.ts';

/** What a group needs of the node that it is on. */
export interface Surroundings {
  readonly settings: Settings;
  readonly bugs: ReadonlySet<string>;
  readonly time: TrueTime;
  /** What keys hold that were never written. */
  readonly first: ReadonlyMap<string, unknown>;
  /** For another group on this node, or for the node itself. */
  deliver(message: GroupMessage): void;
  /** An entry has taken effect. */
  applied(): void;
}

/** A replica of one group; where it leads, it locks, prepares and coordinates (Corbett et al. 2012, §4.2.1). */
export class GroupProgram extends MultiPaxosProgram {
  readonly replica: Replica;
  readonly group: Group;
  readonly locks = new Locks();
  readonly surroundings: Surroundings;
  private readonly coordinator: Coordinator;
  private readonly context: NodeContext<PaxosMessage>;
  /** Under which this node leads, and whether all that was decided before is applied. */
  private leadership: Leadership | null = null;
  private ready = false;
  /** The greatest time that this leader has given to an entry. */
  private assigned: Nanos = 0;
  private proposed = 0;
  /** Entries under way, lest they be proposed twice. */
  private readonly underWay = new Set<string>();
  /** When a transaction last asked for a lock; monotonic time. */
  private readonly seen = new Map<Txn, Nanos>();

  constructor(context: NodeContext<PaxosMessage>, group: Group, surroundings: Surroundings) {
    const { settings, first } = surroundings;
    const replica = new Replica(group, first, (entry) => this.onApplied(entry));
    super(context, { settings, bugs: new Set(), machine: replica });
    this.replica = replica;
    this.group = group;
    this.context = context;
    this.surroundings = surroundings;
    this.coordinator = new Coordinator(this);
  }

  override onStart(): void {
    super.onStart();
    this.lookLater();
  }

  override onMessage(from: NodeId, message: PaxosMessage | GroupMessage): void {
    if (!('group' in message)) super.onMessage(from, message);
    else if (message.group !== this.group || message.type === 'shown') this.surroundings.deliver(message);
    else if (this.leading) this.onGroupMessage(message);
    this.watchLeadership();
  }

  override onTimer(name: string): void {
    if (name === 'look') this.look();
    else if (name.startsWith('wait ')) this.coordinator.onWaited(name.slice('wait '.length));
    else super.onTimer(name);
    this.watchLeadership();
  }

  /** A client's query, which only a leader can answer. */
  onTransaction(request: RequestId, query: Exclude<Query, { type: 'snapshot' }>): void {
    this.watchLeadership();
    if (!this.leading) this.reply(request, { type: 'not-leader', leader: this.node.leader });
    else if (query.type === 'lock') this.lock(request, query);
    else if (query.type === 'commit') this.coordinator.begin(request, query.txn, query.parts);
    // What is prepared is no longer the client's to give up.
    else if (!this.locks.isCommitting(query.txn)) this.free(query.txn);
  }

  isUnderWay(name: string): boolean {
    return this.underWay.has(name);
  }

  get monotonic(): Nanos {
    return this.context.monotonic();
  }

  /** A time for an entry, later than all before it (§4.1.2: monotonicity), and at least this. */
  assign(atLeast: Nanos): Nanos {
    this.assigned = Math.max(this.assigned + 1, this.replica.last + 1, atLeast);
    return this.assigned;
  }

  /** Has an entry put into the log; `name` keeps the same from being proposed twice. */
  propose(name: string, entry: Entry): void {
    if (this.underWay.has(name) || !this.leading) return;
    this.underWay.add(name);
    const { round } = this.leadership!.ballot;
    const client = `${this.context.id}/${round}/${++this.proposed}`;
    const operation = { f: entry.f, key: null, value: entry };
    propose(this.node, { type: 'command', client, sequence: 1, operation }, null);
  }

  /** Tells the leader of a group, whoever that is, once all that this node has recorded is safe. */
  tell(message: GroupMessage): void {
    const output = this.node.output as unknown as OutputCommit<GroupMessage>;
    for (const node of [...this.context.peers, this.context.id]) output.send(node, message);
  }

  /** Tells this very node, once all that it has recorded is safe. */
  tellItself(message: GroupMessage): void {
    (this.node.output as unknown as OutputCommit<GroupMessage>).send(this.context.id, message);
  }

  reply(request: RequestId, reply: Reply): void {
    this.node.output.reply(request, reply);
  }

  wakeIn(txn: Txn, delay: Nanos): void {
    this.context.setTimer(`wait ${txn}`, delay);
  }

  /** Whether the transaction still has the locks that it needs for this part. */
  holds(txn: Txn, { reads, writes }: Part): boolean {
    return (
      reads.every((key) => this.locks.holds(txn, key, false)) &&
      writes.every(([key]) => this.locks.holds(txn, key, true))
    );
  }

  free(txn: Txn): void {
    this.seen.delete(txn);
    this.locks.release(txn);
  }

  /** It may have been overthrown just now, in the very event that is being dealt with. */
  private get leading(): boolean {
    return this.ready && this.node.leadership === this.leadership;
  }

  /** Two-phase locking: a lock is kept until the transaction has taken effect. */
  private lock(request: RequestId, { txn, age, key, exclusive }: Extract<Query, { type: 'lock' }>): void {
    const since = age ?? `${this.surroundings.time.latest()} ${txn}`;
    this.seen.set(txn, this.monotonic);
    const granted = (ok: boolean): void => {
      const value = this.replica.read(key);
      this.reply(request, ok ? { type: 'locked', value, age: since } : { type: 'aborted' });
    };
    this.locks.request({ txn, age: since, key, exclusive, granted });
  }

  private onGroupMessage(message: GroupMessage): void {
    switch (message.type) {
      case 'ask-prepare':
        this.prepare(message.txn, message.part, message.by);
        break;
      case 'outcome':
        this.onOutcome(message.txn, message.outcome, message.by);
        break;
      case 'prepared':
        this.coordinator.onPrepared(message.txn, message.by, message.ts);
        break;
      case 'finished':
        this.coordinator.onFinished(message.txn, message.by);
        break;
      case 'inquiry':
        this.coordinator.onInquiry(message.txn, message.by);
        break;
      case 'advance':
        // No entry to come will be of this time or before (§4.2.4, where a promise stands for the entry).
        if (this.assigned < message.ts) this.tick(message.ts);
        break;
    }
  }

  private tick(ts: Nanos): void {
    this.propose(`tick ${ts}`, { f: 'tick', ts: this.assign(ts) });
  }

  /** As a participant: promises to commit, if the locks are still there (§4.2.1). */
  private prepare(txn: Txn, part: Part, coordinator: Group): void {
    const open = this.replica.open.get(txn);
    const name = `prepare ${txn}`;
    if (open !== undefined) {
      this.tell({ type: 'prepared', group: coordinator, txn, by: this.group, ts: open.ts });
    } else if (this.underWay.has(name)) {
      return;
    } else if (!this.replica.finished.has(txn) && this.holds(txn, part)) {
      this.locks.commits(txn);
      const ts = this.assign(this.surroundings.time.latest());
      this.propose(name, { f: 'prepare', txn, part, coordinator, ts });
    } else {
      this.tell({ type: 'prepared', group: coordinator, txn, by: this.group, ts: null });
    }
  }

  /**
   * As a participant: makes the outcome take effect. Only the log can tell that it has: a leader that was overthrown
   * without noticing may know nothing of the transaction, and no more does it get anything into the log.
   */
  private onOutcome(txn: Txn, outcome: Outcome, coordinator: Group): void {
    if (this.replica.finished.has(txn))
      this.tell({ type: 'finished', group: coordinator, txn, by: this.group });
    else this.propose(`finish ${txn}`, { f: 'finish', txn, outcome });
  }

  /** On every replica, when an entry has taken effect; the rest is the leader's. */
  private onApplied(entry: Entry): void {
    this.surroundings.applied();
    if (!this.leading) return;
    if ('txn' in entry) this.underWay.delete(`${entry.f} ${entry.txn}`);
    if (entry.f === 'prepare') {
      const { coordinator: group, txn, ts } = entry;
      this.tell({ type: 'prepared', group, txn, by: this.group, ts });
    } else if (entry.f === 'decide') {
      this.coordinator.onDecided(entry.txn);
    } else if (entry.f === 'finish') {
      this.free(entry.txn);
      this.coordinator.onEffect(entry.txn);
    }
  }

  /** Begins to lead once all earlier entries are applied; ends with the leadership, which its locks don't outlive. */
  private watchLeadership(): void {
    const { leadership, applied } = this.node;
    if (leadership !== this.leadership) {
      this.leadership = leadership;
      this.ready = false;
      this.underWay.clear();
      this.seen.clear();
      this.locks.clear();
      this.coordinator.resign();
    }
    if (this.ready || leadership === null || applied < leadership.firstFree - 1) return;
    this.ready = true;
    this.assigned = this.replica.last;
    // Those that an earlier leader has prepared still hold what they had locked (§4.2.1: locks follow from the log).
    if (!this.surroundings.bugs.has('locks-not-restored'))
      for (const [txn, { part }] of this.replica.open)
        if (part !== null) this.locks.restore(txn, locksOf(part));
    this.look();
  }

  /** Goes on with whatever is unfinished, and gives up what nobody asks for any more. */
  private look(): void {
    this.lookLater();
    if (!this.leading) return;
    const { settings } = this.surroundings;
    for (const txn of this.locks.active())
      if (this.monotonic - (this.seen.get(txn) ?? 0) > settings.idle) this.free(txn);
    for (const [txn, { coordinator }] of this.replica.open)
      if (coordinator !== this.group) this.tell({ type: 'inquiry', group: coordinator, txn, by: this.group });
    this.coordinator.look();
  }

  private lookLater(): void {
    this.context.setTimer('look', this.surroundings.settings.resend);
  }
}

function* locksOf({ reads, writes }: Part): Iterable<readonly [key: string, exclusive: boolean]> {
  for (const key of reads) yield [key, false];
  for (const [key] of writes) yield [key, true];
}
