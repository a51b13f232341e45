import type { NodeId } from '../../../faults/fault.ts';
import type { NodeContext, RequestId } from '../../../world/node-program.ts';
import type { OutputCommit } from '../shared/output-commit.ts';
import type { Query } from '../shared/request-client.ts';
import { isLater } from '../shared/timestamp.ts';
import type { Version } from '../shared/versions.ts';
import type { Message } from './messages.ts';
import { newOperation, type Operation } from './operation.ts';
import type { QuorumOptions } from './options.ts';
import { ringFrom } from './ring.ts';

/** A node's part as the coordinator of its clients' operations (Gifford 1979; DeCandia et al. 2007, §4.5). */
export class Coordinator {
  private readonly context: NodeContext<Message>;
  private readonly options: QuorumOptions;
  private readonly output: OutputCommit<Message>;
  private readonly nodes: readonly NodeId[];
  private readonly replicas: number;
  private readonly r: number;
  private readonly w: number;
  private readonly operations = new Map<string, Operation>();

  constructor(context: NodeContext<Message>, options: QuorumOptions, output: OutputCommit<Message>) {
    this.context = context;
    this.options = options;
    this.output = output;
    this.nodes = [context.id, ...context.peers].sort();
    this.replicas = Math.min(options.replicas || this.nodes.length, this.nodes.length);
    const majority = Math.floor(this.replicas / 2) + 1;
    this.r = options.r || majority;
    // With r + w = n a read's quorum may be just those replicas that a write has not reached.
    this.w = options.bugs.has('small-quorums') ? this.replicas - this.r : options.w || majority;
  }

  /** The replicas of a key. */
  homeOf(key: string): NodeId[] {
    return ringFrom(this.nodes, key).slice(0, this.replicas);
  }

  begin(request: RequestId, query: Query): void {
    const operation = newOperation(request, query, this.homeOf(String(query.key)), this.context.monotonic());
    this.operations.set(operation.id, operation);
    // A wall clock saves the query phase; set back, it makes a later write the older one.
    if (operation.write !== null && this.options.bugs.has('wall-clock'))
      this.beginStore(operation, this.context.wallClock());
    else this.ask(operation);
  }

  /** A replica told its version. */
  onState(from: NodeId, op: string, { ts, value }: Version): void {
    const operation = this.operations.get(op);
    if (operation?.phase !== 'query') return;
    operation.answered.set(from, ts);
    if (isLater(ts, operation.version.ts)) operation.version = { key: operation.key, ts, value };
    if (this.isAnswered(operation, this.r)) this.queried(operation);
  }

  /** A replica has a version, or a later one, on its disk. */
  onStored(from: NodeId, op: string): void {
    const operation = this.operations.get(op);
    if (operation?.phase !== 'store') return;
    operation.answered.set(from, operation.version.ts);
    if (this.isAnswered(operation, this.w)) this.finish(operation);
  }

  onTimer(op: string): void {
    const operation = this.operations.get(op);
    if (operation === undefined) return;
    // Any nodes will do when the key's own don't answer: they hold the version until it can be handed over
    // (DeCandia et al. 2007, §4.6). But then two quorums need not have a node in common.
    if (this.options.bugs.has('sloppy-quorum')) operation.asked = ringFrom(this.nodes, operation.key);
    const late = this.context.monotonic() - operation.began >= this.options.patience;
    if (late) this.onTooFew(operation);
    else this.ask(operation);
  }

  /** Puts the present phase's question to whoever has not answered it, itself perhaps among them. */
  private ask(operation: Operation): void {
    const { id, key, phase, version } = operation;
    this.context.setTimer(id, this.options.resend);
    const message: Message =
      phase === 'query' ? { type: 'query', op: id, key } : { type: 'store', op: id, version };
    // Itself last: it may write to its disk thereupon, and then nothing leaves before that is safe.
    const { answered, asked } = operation;
    const me = this.context.id;
    for (const node of asked) if (node !== me && !answered.has(node)) this.output.send(node, message);
    if (asked.includes(me) && !answered.has(me)) this.output.send(me, message);
  }

  private isAnswered({ answered }: Operation, enough: number): boolean {
    // Who may have to go on alone must have its own copy: the others may be out of reach the next time.
    return answered.size >= enough && (this.options.tooFew === 'refuse' || answered.has(this.context.id));
  }

  private queried(operation: Operation): void {
    const { write, version } = operation;
    if (write !== null) this.beginStore(operation, version.ts.n + 1);
    else if (this.options.writeBack) this.beginStore(operation, version.ts.n);
    else this.finish(operation);
  }

  private beginStore(operation: Operation, n: number): void {
    const { id, key, write } = operation;
    // Two writers may both find n: the operation's own name tells their values apart.
    if (write !== null) operation.version = { key, ts: { n, writer: id }, value: write.value };
    operation.phase = 'store';
    operation.answered = new Map();
    this.ask(operation);
  }

  /** The choice that the CAP theorem leaves: refuse and stay consistent, or go on and stay available (Gilbert and Lynch 2002). */
  private onTooFew(operation: Operation): void {
    if (this.options.tooFew === 'refuse') {
      // What was stored at one replica only may still be seen, or spread, at any later time.
      const harmless = operation.write === null || operation.phase === 'query';
      this.end(operation, { type: harmless ? 'fail' : 'info', error: 'no-quorum' });
    } else if (!operation.answered.has(this.context.id)) this.ask(operation);
    else if (operation.phase === 'query') this.queried(operation);
    else this.finish(operation);
  }

  private finish(operation: Operation): void {
    const { write, version } = operation;
    this.end(operation, write === null ? { type: 'ok', value: version.value } : { type: 'ok' });
    if (operation.phase === 'query') this.repair(operation);
  }

  private end(operation: Operation, answer: object): void {
    this.operations.delete(operation.id);
    this.context.cancelTimer(operation.id);
    this.output.reply(operation.request, answer);
  }

  /** Read repair: whoever answered with less gets the version that the read returned (DeCandia et al. 2007, §5). */
  private repair({ answered, version }: Operation): void {
    for (const [node, ts] of answered)
      if (isLater(version.ts, ts)) this.output.send(node, { type: 'versions', versions: [version] });
  }
}
