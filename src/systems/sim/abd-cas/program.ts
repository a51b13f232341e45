import type { NodeId } from '../../../faults/fault.ts';
import type { DiskError, NodeContext, NodeProgram, RequestId } from '../../../world/node-program.ts';
import { OutputCommit } from '../shared/output-commit.ts';
import { readRecords } from '../shared/record-file.ts';
import type { Query } from '../shared/request-client.ts';
import { Synod, type SynodRecord } from '../shared/synod/synod.ts';
import { type KeyedVersion, Versions } from '../shared/versions.ts';
import { type AbdCasOptions, Coordinator, type Message } from './coordinator.ts';

const FILE = 'versions';

/** A replica of the registers, an acceptor of their versions, and the coordinator of its clients' operations. */
export class AbdCasNode implements NodeProgram<Message, Query> {
  private readonly context: NodeContext<Message>;
  private readonly output: OutputCommit<Message>;
  private readonly synod: Synod;
  private readonly coordinator: Coordinator;
  private readonly versions = new Versions();

  constructor(context: NodeContext<Message>, options: AbdCasOptions) {
    this.context = context;
    this.output = new OutputCommit(context, FILE, (message) => this.onMessage(context.id, message));
    this.synod = new Synod(context, this.output, {
      ...options,
      decided: (decision, value) => this.coordinator.onDecided(decision, value),
    });
    this.coordinator = new Coordinator(context, this.output, this.synod, options);
  }

  onStart(): void {
    for (const record of readRecords<KeyedVersion | SynodRecord>(this.context.disk, FILE)) {
      if ('promised' in record) this.synod.restore(record);
      else this.versions.keep(record);
    }
    this.output.restart([...this.versions.all(), ...this.synod.records()]);
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
        if (this.versions.keep(message.version)) this.output.record(message.version);
        this.output.send(from, { type: 'stored', op: message.op });
        break;
      case 'stored':
        this.coordinator.onStored(from, message.op);
        break;
      default:
        this.synod.onMessage(from, message);
    }
  }

  /** Timers have the names of operations, which have a dot, or of decisions, which have a slash. */
  onTimer(name: string): void {
    this.coordinator.onTimer(name);
    this.synod.onTimer(name);
  }

  onSynced(_tag: string, error?: DiskError): void {
    this.output.onSynced(error);
  }
}
