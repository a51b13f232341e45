import type { NodeId } from '../../../faults/fault.ts';
import type { Nanos } from '../../../world/nanos.ts';
import type { DiskError, NodeContext, NodeProgram, RequestId } from '../../../world/node-program.ts';
import { OutputCommit } from '../shared/output-commit.ts';
import { readRecords } from '../shared/record-file.ts';
import type { Query } from '../shared/request-client.ts';
import { type NamedEdit, Replica, Server } from './replica.ts';
import type { Edit } from './transform.ts';

export type Message =
  /** To the server: what has come since this revision, and here is an edit as of it, if any. */
  | { readonly type: 'sync'; readonly revision: number; readonly edit: NamedEdit | null }
  /** From the server: its history from this revision on. */
  | { readonly type: 'history'; readonly from: number; readonly edits: readonly NamedEdit[] };

/** What a node must not forget, in the order in which it happened. */
type Logged =
  | { readonly type: 'made'; readonly edit: Edit }
  | { readonly type: 'received'; readonly edit: NamedEdit }
  | { readonly type: 'ordered'; readonly edit: NamedEdit };

export interface CollabOptions {
  readonly bugs: ReadonlySet<string>;
  /** How often a replica asks the server, ns. */
  readonly sync: Nanos;
}

const FILE = 'edits';
/** Edits in one message, at most. */
const BATCH = 100;

/** A replica of a text that clients edit at once; the first node is the server besides. */
export class CollabNode implements NodeProgram<Message, Query> {
  private readonly context: NodeContext<Message>;
  private readonly sync: Nanos;
  private readonly output: OutputCommit<Message>;
  private readonly replica: Replica;
  private readonly server: Server;
  private readonly serverId: NodeId;

  constructor(context: NodeContext<Message>, { bugs, sync }: CollabOptions) {
    this.context = context;
    this.sync = sync;
    this.output = new OutputCommit(context, FILE, (message) => this.onMessage(context.id, message));
    this.replica = new Replica(context.id, bugs);
    this.server = new Server(bugs);
    this.serverId = [context.id, ...context.peers].sort()[0]!;
  }

  onStart(): void {
    const records = readRecords<Logged>(this.context.disk, FILE);
    for (const { type, edit } of records) {
      if (type === 'made') this.replica.make(edit);
      else if (type === 'received') this.replica.receive(edit);
      else this.server.append(edit);
    }
    this.output.restart(records);
    this.onTimer();
  }

  onRequest(request: RequestId, { f, value }: Query): void {
    const saw = { ...this.replica.applied };
    if (f === 'read') {
      this.output.reply(request, { type: 'ok', value: { updates: saw, state: this.replica.text } });
      return;
    }
    const { text } = this.replica;
    const { at, element } = value as { readonly at: number; readonly element?: unknown };
    if (f === 'delete' && text.length === 0) {
      this.output.reply(request, { type: 'fail', error: 'empty' });
      return;
    }
    const edit: Edit =
      f === 'insert'
        ? { kind: 'insert', at: Math.min(at, text.length), element, author: this.context.id }
        : { kind: 'delete', at: Math.min(at, text.length - 1) };
    const deleted = edit.kind === 'delete' ? { element: text[edit.at] } : {};
    const { author, number } = this.replica.make(edit);
    this.record({ type: 'made', edit });
    const update = `${author}:${number}`;
    this.output.reply(request, { type: 'ok', value: { update, saw, state: this.replica.text, ...deleted } });
    if (this.replica.pending.length === 1) this.ask();
  }

  onMessage(from: NodeId, message: Message): void {
    if (message.type === 'sync') this.serve(from, message);
    else this.catchUp(message);
  }

  onTimer(): void {
    this.context.setTimer('sync', this.sync / 2 + this.context.random.int(this.sync));
    this.ask();
  }

  onSynced(_tag: string, error?: DiskError): void {
    this.output.onSynced(error);
  }

  /** One edit at a time: the next one counts from after this one, which the server must have placed first. */
  private ask(): void {
    const { revision, pending } = this.replica;
    this.output.send(this.serverId, { type: 'sync', revision, edit: pending[0] ?? null });
  }

  private serve(from: NodeId, { revision, edit }: Message & { readonly type: 'sync' }): void {
    const { server } = this;
    const ordered = edit === null ? null : server.order(revision, edit);
    if (ordered !== null) this.record({ type: 'ordered', edit: ordered });
    const edits = server.history.slice(revision, revision + BATCH);
    if (edits.length > 0) this.output.send(from, { type: 'history', from: revision, edits });
  }

  private catchUp({ from, edits }: Message & { readonly type: 'history' }): void {
    const { replica } = this;
    if (from > replica.revision || from + edits.length <= replica.revision) return;
    for (const edit of edits.slice(replica.revision - from)) {
      replica.receive(edit);
      this.record({ type: 'received', edit });
    }
    if (replica.pending.length > 0) this.ask();
  }

  private record(record: Logged): void {
    this.output.record(record);
  }
}
