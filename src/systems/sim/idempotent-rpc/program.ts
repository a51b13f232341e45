import type { NodeId } from '../../../faults/fault.ts';
import type { Nanos } from '../../../world/nanos.ts';
import type { DiskError, NodeContext, NodeProgram, RequestId } from '../../../world/node-program.ts';
import type { Query } from '../shared/log-client.ts';
import { OutputCommit } from '../shared/output-commit.ts';
import { readRecords } from '../shared/record-file.ts';
import { idOf, type RpcMessage } from './messages.ts';
import { Server } from './server.ts';
import { Stub } from './stub.ts';

export interface RpcOptions {
  readonly bugs: ReadonlySet<string>;
  /** After which time a call is sent again, ns. */
  readonly retry: Nanos;
}

const FILE = 'performed';
const TICK = 'retry';

/** A node on which clients call; the first of all nodes is also the server. */
export class RpcNode implements NodeProgram<RpcMessage, Query> {
  private readonly context: NodeContext<RpcMessage>;
  private readonly retry: Nanos;
  private readonly output: OutputCommit<RpcMessage>;
  private readonly stub: Stub;
  private readonly server: Server | null;

  constructor(context: NodeContext<RpcMessage>, { bugs, retry }: RpcOptions) {
    this.context = context;
    this.retry = retry;
    this.output = new OutputCommit(context, FILE, (message) => this.onMessage(context.id, message));
    const [first] = [context.id, ...context.peers].sort() as [NodeId];
    this.stub = new Stub(this.output, first, bugs);
    this.server = first === context.id ? new Server(bugs) : null;
  }

  onStart(): void {
    this.tickLater();
    if (this.server === null) return;
    for (const query of readRecords<Query>(this.context.disk, FILE)) this.server.restore(query);
    this.output.restart(this.server.records);
  }

  onRequest(request: RequestId, query: Query): void {
    this.stub.call(request, query);
  }

  onMessage(from: NodeId, message: RpcMessage): void {
    if (message.type === 'result') this.stub.onResult(message.id, message.answer);
    else for (const query of message.calls) this.serve(from, query);
  }

  onTimer(): void {
    this.tickLater();
    this.stub.onTick();
  }

  onSynced(_tag: string, error?: DiskError): void {
    this.output.onSynced(error);
  }

  leads(): boolean {
    return this.server !== null;
  }

  /** The answer leaves when what was done is on the disk. */
  private serve(from: NodeId, query: Query): void {
    const answer = this.server?.serve(query, (performed) => this.output.record(performed));
    if (answer !== undefined) this.output.send(from, { type: 'result', id: idOf(query), answer });
  }

  private tickLater(): void {
    this.context.setTimer(TICK, this.retry);
  }
}
