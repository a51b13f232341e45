import type { NodeId } from '../../../faults/fault.ts';
import type { Nanos } from '../../../world/nanos.ts';
import type { DiskError, NodeContext, NodeProgram, RequestId } from '../../../world/node-program.ts';
import { OutputCommit } from '../shared/output-commit.ts';
import { readRecords } from '../shared/record-file.ts';
import { covers, NOTHING } from '../shared/vector.ts';
import type { Message, Query, Reply, Write } from './messages.ts';
import { Replica } from './replica.ts';

export interface CausalOptions {
  /** Mean time between two gossip rounds of a node, ns. */
  readonly gossip: Nanos;
}

const FILE = 'writes';

/** A replica of all keys that serves sessions which it is not behind (Terry et al. 1994; Lloyd et al. 2011). */
export class CausalNode implements NodeProgram<Message, Query> {
  private readonly context: NodeContext<Message>;
  private readonly options: CausalOptions;
  private readonly replica = new Replica();
  private readonly output: OutputCommit<Message>;

  constructor(context: NodeContext<Message>, options: CausalOptions) {
    this.context = context;
    this.options = options;
    this.output = new OutputCommit(context, FILE, (message) => this.onMessage(context.id, message));
  }

  onStart(): void {
    for (const write of readRecords<Write>(this.context.disk, FILE)) this.replica.apply(write);
    this.output.restart(this.replica.all());
    this.gossipLater();
  }

  onRequest(request: RequestId, query: Query): void {
    this.output.reply(request, this.serve(query));
  }

  onMessage(from: NodeId, message: Message): void {
    if (message.type === 'writes') {
      for (const write of message.writes)
        for (const applied of this.replica.receive(write)) this.output.record(applied);
      return;
    }
    const writes = this.replica.missing(message.applied);
    if (writes.length > 0) this.output.send(from, { type: 'writes', writes });
    if (message.answer) this.output.send(from, this.digest(false));
  }

  onTimer(): void {
    this.gossipLater();
    const { peers, random } = this.context;
    if (peers.length > 0) this.output.send(random.pick(peers), this.digest(true));
  }

  onSynced(_tag: string, error?: DiskError): void {
    this.output.onSynced(error);
  }

  private serve({ f, key, value, seen, dependencies }: Query): Reply {
    const { replica, context } = this;
    if (!covers(replica.applied, seen)) return { type: 'behind' };
    if (f === 'read') {
      const write = replica.read(key);
      if (write === undefined) return { type: 'ok', value: null, seen: NOTHING };
      return {
        type: 'ok',
        value: write.value,
        seen: { ...write.dependencies, [write.origin]: write.number },
      };
    }
    const write = replica.newWrite(context.id, key, value, dependencies);
    replica.apply(write);
    this.output.record(write);
    for (const peer of context.peers) this.output.send(peer, { type: 'writes', writes: [write] });
    return { type: 'ok', value, seen: { [write.origin]: write.number } };
  }

  private digest(answer: boolean): Message {
    return { type: 'digest', applied: this.replica.applied, answer };
  }

  private gossipLater(): void {
    const { gossip } = this.options;
    this.context.setTimer('gossip', gossip / 2 + this.context.random.int(gossip));
  }
}
