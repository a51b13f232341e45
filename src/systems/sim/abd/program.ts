import type { NodeId } from '../../../faults/fault.ts';
import type { DiskError, NodeContext, NodeProgram, RequestId } from '../../../world/node-program.ts';
import { appendRecord, readRecords, replaceRecords } from '../shared/record-file.ts';
import type { Query } from '../shared/request-client.ts';
import { isLater, NEVER, type Timestamp } from '../shared/timestamp.ts';

/** A value with its timestamp, as a replica stores it. */
interface Version {
  readonly ts: Timestamp;
  readonly value: unknown;
}

type Message =
  | { readonly type: 'query'; readonly op: string; readonly key: string }
  | { readonly type: 'state'; readonly op: string; readonly version: Version }
  | { readonly type: 'store'; readonly op: string; readonly key: string; readonly version: Version }
  | { readonly type: 'stored'; readonly op: string };

/** One read or write under way, in one of its two phases (Attiya, Bar-Noy and Dolev 1995; Lynch and Shvartsman 1997). */
interface Operation {
  readonly id: string;
  readonly request: RequestId;
  readonly key: string;
  readonly write: { readonly value: unknown } | null;
  phase: 'query' | 'store';
  /** Nodes that have answered in this phase. */
  answered: Set<NodeId>;
  answers: number;
  /** In the query phase the latest version seen; in the store phase the one to store. */
  version: Version;
  retries: number;
}

/** A store to be acknowledged once it is on the disk. */
interface Unacknowledged {
  readonly to: NodeId;
  readonly op: string;
}

export interface AbdOptions {
  readonly bugs: ReadonlySet<string>;
  /** Time after which unanswered messages are sent again, ns. */
  readonly resend: number;
}

const FILE = 'versions';
const NO_VERSION: Version = { ts: NEVER, value: null };
/** An operation that finds no majority is given up after so many resends; its client has gone long before. */
const MAX_RETRIES = 50;

/** A replica, and the coordinator of the operations of its clients. */
export class AbdNode implements NodeProgram<Message, Query> {
  private readonly context: NodeContext<Message>;
  private readonly options: AbdOptions;
  private readonly majority: number;
  private readonly versions = new Map<string, Version>();
  private readonly operations = new Map<string, Operation>();
  /** Counts the starts of this node, so that answers to an earlier life's operations are recognised. */
  private boot = 0;
  private begun = 0;
  /** What was read from the disk at the start may be unsynced: no word to anybody until it is safe. */
  private ready = false;
  private unacknowledged: Unacknowledged[] = [];
  private syncing: Unacknowledged[] | null = null;

  constructor(context: NodeContext<Message>, options: AbdOptions) {
    this.context = context;
    this.options = options;
    this.majority = Math.floor((context.peers.length + 1) / 2) + 1;
  }

  onStart(): void {
    const { disk } = this.context;
    for (const record of readRecords<{ boot: number } | ({ key: string } & Version)>(disk, FILE)) {
      if ('boot' in record) this.boot = record.boot;
      else this.keep(record.key, record);
    }
    this.boot++;
    const stored = [...this.versions].map(([key, { ts, value }]) => ({ key, ts, value }));
    replaceRecords(disk, FILE, [{ boot: this.boot }, ...stored]);
    disk.sync('start');
  }

  onRequest(request: RequestId, query: Query): void {
    if (!this.ready) {
      this.context.reply(request, { type: 'fail', error: 'starting' });
      return;
    }
    const operation: Operation = {
      id: `${this.boot}.${++this.begun}`,
      request,
      key: String(query.key),
      write: query.f === 'write' ? { value: query.value } : null,
      phase: 'query',
      answered: new Set(),
      answers: 0,
      version: NO_VERSION,
      retries: 0,
    };
    this.operations.set(operation.id, operation);
    this.ask(operation);
  }

  onMessage(from: NodeId, message: Message): void {
    if (!this.ready) return;
    switch (message.type) {
      case 'query': {
        const version = this.versions.get(message.key) ?? NO_VERSION;
        this.tell(from, { type: 'state', op: message.op, version });
        break;
      }
      case 'store':
        this.store(from, message.op, message.key, message.version);
        break;
      case 'state': {
        const operation = this.operations.get(message.op);
        if (operation?.phase !== 'query') return;
        if (isLater(message.version.ts, operation.version.ts)) operation.version = message.version;
        if (this.hasMajority(operation, from)) this.queried(operation);
        break;
      }
      case 'stored': {
        const operation = this.operations.get(message.op);
        if (operation?.phase === 'store' && this.hasMajority(operation, from)) this.finish(operation);
        break;
      }
    }
  }

  onTimer(id: string): void {
    const operation = this.operations.get(id);
    if (operation === undefined) return;
    if (operation.retries++ === MAX_RETRIES) this.operations.delete(id);
    else this.ask(operation);
  }

  onSynced(tag: string, error?: DiskError): void {
    // After a failed sync nobody knows what is on the disk: start anew from what can be read.
    if (error !== undefined) throw error;
    if (tag === 'start') {
      this.ready = true;
      return;
    }
    const safe = this.syncing ?? [];
    this.syncing = null;
    this.syncNext();
    for (const { to, op } of safe) this.tell(to, { type: 'stored', op });
  }

  /** Sends the present phase's question to every node that has not answered, itself among them. */
  private ask(operation: Operation): void {
    const { id, key, phase, version } = operation;
    this.context.setTimer(id, this.options.resend);
    const message: Message =
      phase === 'query' ? { type: 'query', op: id, key } : { type: 'store', op: id, key, version };
    for (const peer of this.context.peers) {
      if (!operation.answered.has(peer)) this.context.send(peer, message);
    }
    if (!operation.answered.has(this.context.id)) this.onMessage(this.context.id, message);
  }

  /** Notes an answer; true when the phase has just reached its majority. */
  private hasMajority(operation: Operation, from: NodeId): boolean {
    const news = !operation.answered.has(from);
    operation.answered.add(from);
    // A resent or duplicated message brings the same node's answer again, which is no second vote.
    if (news || this.options.bugs.has('acks-counted-twice')) operation.answers++;
    return operation.answers === this.majority;
  }

  private queried(operation: Operation): void {
    if (operation.write !== null) {
      const n = operation.version.ts.n + 1;
      // Two clients may both find n: the writer's name tells their values apart.
      const writer = this.options.bugs.has('timestamp-without-client') ? '' : operation.request.client;
      operation.version = { ts: { n, writer }, value: operation.write.value };
    } else if (this.options.bugs.has('no-write-back')) {
      // The value may be at a minority only: a later read by another coordinator may miss it.
      this.finish(operation);
      return;
    }
    operation.phase = 'store';
    operation.answered = new Set();
    operation.answers = 0;
    operation.retries = 0;
    this.ask(operation);
  }

  private finish(operation: Operation): void {
    this.operations.delete(operation.id);
    this.context.cancelTimer(operation.id);
    const value = operation.write === null ? { value: operation.version.value } : {};
    this.context.reply(operation.request, { type: 'ok', ...value });
  }

  /** Keeps the version if it is later than the present one; acknowledges either way, once it is safe. */
  private store(from: NodeId, op: string, key: string, version: Version): void {
    if (this.keep(key, version))
      appendRecord(this.context.disk, FILE, { key, ts: version.ts, value: version.value });
    this.unacknowledged.push({ to: from, op });
    if (this.syncing === null) this.syncNext();
  }

  private syncNext(): void {
    if (this.unacknowledged.length === 0) return;
    this.syncing = this.unacknowledged;
    this.unacknowledged = [];
    this.context.disk.sync('store');
  }

  private keep(key: string, { ts, value }: Version): boolean {
    if (!isLater(ts, (this.versions.get(key) ?? NO_VERSION).ts)) return false;
    this.versions.set(key, { ts, value });
    return true;
  }

  private tell(to: NodeId, message: Message): void {
    if (to === this.context.id) this.onMessage(to, message);
    else this.context.send(to, message);
  }
}
