import type { NodeId } from '../../../faults/fault.ts';
import type { DiskError, NodeContext, NodeProgram, RequestId } from '../../../world/node-program.ts';
import { appendRecord, readRecords, replaceRecords } from '../shared/record-file.ts';
import type { Query } from '../shared/request-client.ts';

/** When and where a value was written; of two values for one key the later wins, on equal times the greater node. */
interface Stamp {
  readonly time: number;
  readonly node: NodeId;
}

interface Entry {
  readonly key: string;
  readonly value: unknown;
  readonly stamp: Stamp;
}

type Message =
  /** New entries: of a write just made, or those that a digest lacked. */
  | { readonly type: 'entries'; readonly entries: readonly Entry[] }
  /** What the sender has; the receiver answers with what is later, and with its own digest if `answer`. */
  | { readonly type: 'digest'; readonly stamps: Readonly<Record<string, Stamp>>; readonly answer: boolean };

/** An entry on its way to the disk. It is shown to nobody before it is safe, or a crash could take it back. */
interface Incoming {
  readonly entry: Entry;
  /** The client that wrote it here; null when it came from a peer. */
  readonly request: RequestId | null;
}

export interface LwwMapOptions {
  readonly bugs: ReadonlySet<string>;
  /** Time between two gossip rounds, ns. */
  readonly gossip: number;
}

const FILE = 'entries';

/** A replica of a map in which the last writer wins, kept alike by gossip (Demers et al. 1987, anti-entropy). */
export class LwwMapNode implements NodeProgram<Message, Query> {
  private readonly context: NodeContext<Message>;
  private readonly options: LwwMapOptions;
  private readonly entries = new Map<string, Entry>();
  /** Lamport's logical clock (1978): greater than any time this node has seen. */
  private clock = 0;
  private ready = false;
  private incoming: Incoming[] = [];
  private syncing: Incoming[] | null = null;

  constructor(context: NodeContext<Message>, options: LwwMapOptions) {
    this.context = context;
    this.options = options;
  }

  onStart(): void {
    const { disk } = this.context;
    for (const entry of readRecords<Entry>(disk, FILE)) this.merge(entry);
    replaceRecords(disk, FILE, [...this.entries.values()]);
    disk.sync('start');
  }

  onRequest(request: RequestId, { f, key, value }: Query): void {
    const name = String(key);
    if (!this.ready) {
      this.context.reply(request, { type: 'fail', error: 'starting' });
    } else if (f === 'write') {
      const stamp = { time: this.nextTime(), node: this.context.id };
      this.store({ entry: { key: name, value, stamp }, request });
    } else {
      this.context.reply(request, { type: 'ok', value: this.entries.get(name)?.value ?? null });
    }
  }

  onMessage(from: NodeId, message: Message): void {
    if (!this.ready) return;
    if (message.type === 'entries') {
      for (const entry of message.entries) {
        this.clock = Math.max(this.clock, entry.stamp.time);
        if (this.wins(entry)) this.store({ entry, request: null });
      }
    } else {
      const lacking = [...this.entries.values()].filter((mine) => {
        const theirs = message.stamps[mine.key];
        return theirs === undefined || this.isLater(mine.stamp, theirs);
      });
      if (lacking.length > 0) this.context.send(from, { type: 'entries', entries: lacking });
      if (message.answer) this.context.send(from, this.digest(false));
    }
  }

  onTimer(): void {
    this.gossipLater();
    if (this.context.peers.length > 0)
      this.context.send(this.context.random.pick(this.context.peers), this.digest(true));
  }

  onSynced(tag: string, error?: DiskError): void {
    // After a failed sync nobody knows what is on the disk: start anew from what can be read.
    if (error !== undefined) throw error;
    if (tag === 'start') {
      this.ready = true;
      // Without anti-entropy a replica hears of a write once, or never.
      if (!this.options.bugs.has('no-anti-entropy')) this.gossipLater();
      return;
    }
    const safe = this.syncing ?? [];
    this.syncing = null;
    this.syncNext();
    const written: Entry[] = [];
    for (const { entry, request } of safe) {
      this.merge(entry);
      if (request === null) continue;
      this.context.reply(request, { type: 'ok' });
      written.push(entry);
    }
    if (written.length > 0)
      for (const peer of this.context.peers) this.context.send(peer, { type: 'entries', entries: written });
  }

  private nextTime(): number {
    // A wall clock that is set back makes the later write the older one, and it is lost.
    if (this.options.bugs.has('wall-clock')) return this.context.wallClock();
    return ++this.clock;
  }

  private wins(entry: Entry): boolean {
    const mine = this.entries.get(entry.key);
    return mine === undefined || this.isLater(entry.stamp, mine.stamp);
  }

  private isLater(a: Stamp, b: Stamp): boolean {
    if (a.time !== b.time) return a.time > b.time;
    // With ties unbroken each node keeps what it heard first, which differs from node to node.
    return !this.options.bugs.has('merge-not-commutative') && a.node > b.node;
  }

  private merge(entry: Entry): void {
    this.clock = Math.max(this.clock, entry.stamp.time);
    if (this.wins(entry)) this.entries.set(entry.key, entry);
  }

  private store(incoming: Incoming): void {
    appendRecord(this.context.disk, FILE, incoming.entry);
    this.incoming.push(incoming);
    if (this.syncing === null) this.syncNext();
  }

  private syncNext(): void {
    if (this.incoming.length === 0) return;
    this.syncing = this.incoming;
    this.incoming = [];
    this.context.disk.sync('entries');
  }

  private digest(answer: boolean): Message {
    const stamps = Object.fromEntries([...this.entries.values()].map(({ key, stamp }) => [key, stamp]));
    return { type: 'digest', stamps, answer };
  }

  private gossipLater(): void {
    const { gossip } = this.options;
    this.context.setTimer('gossip', gossip / 2 + this.context.random.int(gossip));
  }
}
