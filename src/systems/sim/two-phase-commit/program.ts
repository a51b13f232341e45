import type { NodeId } from '../../../faults/fault.ts';
import type { DiskError, NodeContext, NodeProgram, RequestId } from '../../../world/node-program.ts';
import { OutputCommit } from '../shared/output-commit.ts';
import { readRecords } from '../shared/record-file.ts';
import type { Query } from '../shared/request-client.ts';
import { type Event, workOf } from '../shared/shards/transfers.ts';
import { COORDINATOR_TIMER, type CommitOptions, Coordinator } from './coordinator.ts';
import type { LogRecord, Message } from './messages.ts';
import { Participant } from './participant.ts';

const FILE = 'log';

/** A node: the coordinator of what its clients ask, and a participant in whatever touches its accounts. */
export class CommitNode implements NodeProgram<Message, Query> {
  private readonly context: NodeContext<Message>;
  private readonly output: OutputCommit<Message>;
  private readonly coordinator: Coordinator;
  private readonly participant: Participant;
  private readonly events: Event[] = [];

  constructor(context: NodeContext<Message>, options: CommitOptions) {
    this.context = context;
    this.output = new OutputCommit(context, FILE, (message) => this.onMessage(context.id, message));
    this.coordinator = new Coordinator(context, this.output, options);
    this.participant = new Participant(context, this.output, options, (record) => this.note(record));
  }

  onStart(): void {
    const records = readRecords<LogRecord>(this.context.disk, FILE);
    const decided = new Map<LogRecord['txn'], readonly NodeId[]>();
    for (const record of records) {
      this.note(record);
      if (record.what === 'decided') decided.set(record.txn, record.participants);
      else if (record.what === 'end') decided.delete(record.txn);
      else this.participant.restore(record);
    }
    this.output.restart(records);
    for (const [txn, participants] of decided) this.coordinator.resume(txn, participants);
    this.participant.resume();
  }

  /** `transfer` and `read` are transactions; `log`: what this node ever voted and decided. */
  onRequest(request: RequestId, { f, value }: Query): void {
    if (f === 'log') this.output.reply(request, { type: 'ok', value: this.events.slice() });
    else this.coordinator.begin(request, workOf(f, value, `${f} ${request.client}.${request.id}`));
  }

  onMessage(from: NodeId, message: Message): void {
    switch (message.type) {
      case 'vote-request':
        this.participant.onVoteRequest(from, message.work);
        break;
      case 'vote':
        this.coordinator.onVote(from, message);
        break;
      case 'decision':
        this.participant.onDecision(from, message.txn, message.decision);
        break;
      case 'done':
        this.coordinator.onDone(from, message.txn);
        break;
      case 'inquiry':
        if (message.coordinator === this.context.id) this.coordinator.onInquiry(from, message.txn);
        else this.participant.onInquiry(from, message.txn);
        break;
    }
  }

  onTimer(name: string): void {
    if (name.startsWith(COORDINATOR_TIMER)) this.coordinator.onTimer(name);
    else this.participant.onTimer(name);
  }

  onSynced(_tag: string, error?: DiskError): void {
    this.output.onSynced(error);
  }

  /** What a node did about transfers; reads change nothing that anybody need agree on. */
  private note(record: LogRecord): void {
    if (record.what === 'end' || typeof record.txn === 'string') return;
    const what = record.what === 'decided' ? 'commit' : record.what;
    this.events.push([what, record.txn, record.time]);
  }
}
