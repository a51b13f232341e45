import type { NodeId } from '../../../faults/fault.ts';
import type { DiskError, NodeContext, NodeProgram, RequestId } from '../../../world/node-program.ts';
import { OutputCommit } from '../shared/output-commit.ts';
import { readRecords } from '../shared/record-file.ts';
import type { Query } from '../shared/request-client.ts';
import { type KeyedVersion, Versions } from '../shared/versions.ts';
import { Coordinator } from './coordinator.ts';
import type { Message } from './messages.ts';
import type { QuorumOptions } from './options.ts';

const FILE = 'versions';
/** No operation is called so: their names have a dot. */
const GOSSIP = 'gossip';

/** A replica, kept like the others by anti-entropy (Demers et al. 1987), and the coordinator of its clients' operations. */
export class QuorumNode implements NodeProgram<Message, Query> {
  private readonly context: NodeContext<Message>;
  private readonly options: QuorumOptions;
  private readonly versions = new Versions();
  private readonly output: OutputCommit<Message>;
  private readonly coordinator: Coordinator;

  constructor(context: NodeContext<Message>, options: QuorumOptions) {
    this.context = context;
    this.options = options;
    this.output = new OutputCommit(context, FILE, (message) => this.onMessage(context.id, message));
    this.coordinator = new Coordinator(context, options, this.output);
  }

  onStart(): void {
    for (const version of readRecords<KeyedVersion>(this.context.disk, FILE)) this.keep(version);
    this.output.restart(this.versions.all());
    this.gossipLater();
  }

  onRequest(request: RequestId, query: Query): void {
    this.coordinator.begin(request, query);
  }

  onMessage(from: NodeId, message: Message): void {
    switch (message.type) {
      case 'query':
        this.output.send(from, { type: 'state', op: message.op, version: this.versions.get(message.key) });
        break;
      case 'state':
        this.coordinator.onState(from, message.op, message.version);
        break;
      case 'store':
        this.store(message.version);
        this.output.send(from, { type: 'stored', op: message.op });
        break;
      case 'stored':
        this.coordinator.onStored(from, message.op);
        break;
      case 'versions':
        for (const version of message.versions) this.store(version);
        break;
      case 'digest': {
        const lacking = this.versions.laterThan(message.stamps);
        const versions = lacking.filter(({ key }) => this.coordinator.homeOf(key).includes(from));
        if (versions.length > 0) this.output.send(from, { type: 'versions', versions });
        if (message.answer) this.output.send(from, this.digest(false));
        break;
      }
    }
  }

  onTimer(name: string): void {
    if (name !== GOSSIP) {
      this.coordinator.onTimer(name);
      return;
    }
    this.gossipLater();
    const { peers, random } = this.context;
    if (peers.length > 0) this.output.send(random.pick(peers), this.digest(true));
  }

  onSynced(_tag: string, error?: DiskError): void {
    this.output.onSynced(error);
  }

  private store(version: KeyedVersion): void {
    if (this.keep(version)) this.output.record(version);
  }

  private keep(version: KeyedVersion): boolean {
    if (!this.versions.keep(version)) return false;
    // Without a tombstone a deleted key looks like one that this replica has never heard of.
    if (version.value === null && this.options.bugs.has('no-tombstone')) this.versions.forget(version.key);
    return true;
  }

  private digest(answer: boolean): Message {
    return { type: 'digest', stamps: this.versions.stamps(), answer };
  }

  private gossipLater(): void {
    const { gossip } = this.options;
    this.context.setTimer(GOSSIP, gossip / 2 + this.context.random.int(gossip));
  }
}
