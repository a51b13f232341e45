import type { NodeId } from '../../../faults/fault.ts';
import type { Nanos } from '../../../world/nanos.ts';
import type { DiskError, NodeContext, NodeProgram, RequestId } from '../../../world/node-program.ts';
import { OutputCommit } from '../shared/output-commit.ts';
import { readRecords } from '../shared/record-file.ts';
import type { Query } from '../shared/request-client.ts';
import { Synod, type SynodMessage, type SynodRecord } from '../shared/synod/synod.ts';

export interface PaxosOptions {
  readonly bugs: ReadonlySet<string>;
  /** Time after which unanswered messages are sent again, ns. */
  readonly resend: Nanos;
}

const FILE = 'acceptors';

/** A node that decides one value for each key: the Synod, with clients that wait for decisions. */
export class PaxosNode implements NodeProgram<SynodMessage, Query> {
  private readonly context: NodeContext<SynodMessage>;
  private readonly output: OutputCommit<SynodMessage>;
  private readonly synod: Synod;
  private readonly decisions = new Map<string, unknown>();
  private readonly waiting = new Map<string, RequestId[]>();

  constructor(context: NodeContext<SynodMessage>, { bugs, resend }: PaxosOptions) {
    this.context = context;
    this.output = new OutputCommit(context, FILE, (message) => this.onMessage(context.id, message));
    const decided = (key: string, value: unknown) => this.onDecided(key, value);
    this.synod = new Synod(context, this.output, { bugs, resend, decided });
  }

  onStart(): void {
    for (const record of readRecords<SynodRecord>(this.context.disk, FILE)) this.synod.restore(record);
    this.output.restart(this.synod.records());
  }

  /** `propose`: the answer is the decided value, which need not be the one proposed. */
  onRequest(request: RequestId, query: Query): void {
    const key = String(query.key);
    if (this.decisions.has(key)) {
      this.output.reply(request, { type: 'ok', value: this.decisions.get(key) });
      return;
    }
    this.waiting.set(key, [...(this.waiting.get(key) ?? []), request]);
    this.synod.propose(key, query.value);
  }

  onMessage(from: NodeId, message: SynodMessage): void {
    this.synod.onMessage(from, message);
  }

  onTimer(name: string): void {
    this.synod.onTimer(name);
  }

  onSynced(_tag: string, error?: DiskError): void {
    this.output.onSynced(error);
  }

  private onDecided(key: string, value: unknown): void {
    this.decisions.set(key, value);
    for (const request of this.waiting.get(key) ?? []) this.output.reply(request, { type: 'ok', value });
    this.waiting.delete(key);
  }
}
