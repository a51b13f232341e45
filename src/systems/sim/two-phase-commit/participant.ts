import type { NodeId } from '../../../faults/fault.ts';
import type { NodeContext } from '../../../world/node-program.ts';
import type { OutputCommit } from '../shared/output-commit.ts';
import { Shard } from '../shared/shards/shard.ts';
import type { Decision, Work } from '../shared/shards/transfers.ts';
import type { CommitOptions } from './coordinator.ts';
import type { LogRecord, Message } from './messages.ts';

/** A transaction that this node has voted on. */
type Vote =
  | { readonly vote: 'no' }
  | {
      readonly vote: 'yes';
      readonly work: Work;
      readonly coordinator: NodeId;
      /** Null: in doubt, and until that is over its locks stay. */
      decision: Decision | null;
    };

/** A node's part as a shard that takes part in transactions. */
export class Participant {
  private readonly context: NodeContext<Message>;
  private readonly output: OutputCommit<Message>;
  private readonly options: CommitOptions;
  private readonly shard: Shard;
  private readonly votes = new Map<Work['txn'], Vote>();
  /** Hears of every vote and decision. */
  private readonly note: (record: LogRecord) => void;

  constructor(
    context: NodeContext<Message>,
    output: OutputCommit<Message>,
    options: CommitOptions,
    note: (record: LogRecord) => void,
  ) {
    this.context = context;
    this.output = output;
    this.options = options;
    this.shard = new Shard(context.id);
    this.note = note;
  }

  /** Takes over what the disk remembers of a vote or a decision; what is in doubt is locked again. */
  restore(record: LogRecord): void {
    if (record.what === 'no') this.votes.set(record.txn, { vote: 'no' });
    if (record.what === 'yes') this.votes.set(record.txn, this.prepared(record.work, record.coordinator));
    if (record.what === 'commit' || record.what === 'abort') this.end(record.txn, record.what);
  }

  /** Asks about whatever is in doubt after a restart. */
  resume(): void {
    for (const [txn, vote] of this.votes) if (isInDoubt(vote)) this.inquireLater(txn);
  }

  /** Votes, once: yes means that it can commit whatever happens, and may no longer abort (§7.4, step 2). */
  onVoteRequest(coordinator: NodeId, work: Work): void {
    const { txn } = work;
    const before = this.votes.get(txn);
    if (before !== undefined) {
      if (before.vote === 'no') this.output.send(coordinator, { type: 'vote', txn, vote: 'no' });
      else if (before.decision === null) this.sayYes(coordinator, work);
      return;
    }
    if (!this.shard.prepare(work)) {
      this.voteNo(txn);
      this.output.send(coordinator, { type: 'vote', txn, vote: 'no' });
      return;
    }
    this.votes.set(txn, { vote: 'yes', work, coordinator, decision: null });
    const record: LogRecord = { what: 'yes', txn, time: this.context.wallClock(), work, coordinator };
    // A yes that a crash takes back is a promise broken: the others commit, and this node knows of nothing.
    this.keep(record, !this.options.bugs.has('participant-forgets-yes'));
    this.sayYes(coordinator, work);
    this.inquireLater(txn);
  }

  onDecision(from: NodeId, txn: Work['txn'], decision: Decision): void {
    const vote = this.votes.get(txn);
    if (vote !== undefined && isInDoubt(vote)) this.decide(txn, decision);
    if (decision === 'commit') this.output.send(from, { type: 'done', txn });
  }

  /** In doubt for long: all that it can do is ask (§7.4, timeout actions). */
  onTimer(txn: string): void {
    const entry = [...this.votes].find(([known]) => String(known) === txn);
    if (entry === undefined || !isInDoubt(entry[1])) return;
    const [name, { coordinator, work }] = entry;
    // The coordinator may have counted this node's yes, and have told others to commit.
    if (this.options.bugs.has('aborts-after-yes')) {
      this.decide(name, 'abort');
      return;
    }
    this.inquireLater(name);
    const whom = this.options.cooperative ? new Set([coordinator, ...work.participants]) : [coordinator];
    for (const node of whom)
      if (node !== this.context.id || node === coordinator)
        this.output.send(node, { type: 'inquiry', txn: name, coordinator });
  }

  /** Another participant is in doubt (§7.4, cooperative termination protocol). */
  onInquiry(from: NodeId, txn: Work['txn']): void {
    const vote = this.votes.get(txn);
    // Who has not voted can still say no, and with that it is decided.
    if (vote === undefined) this.voteNo(txn);
    const decision = vote === undefined || vote.vote === 'no' ? 'abort' : vote.decision;
    if (decision !== null) this.output.send(from, { type: 'decision', txn, decision });
  }

  private sayYes(coordinator: NodeId, work: Work): void {
    const { txn } = work;
    const found = work.f === 'read' ? { balances: this.shard.read(work) } : {};
    this.output.send(coordinator, { type: 'vote', txn, vote: 'yes', ...found });
  }

  private voteNo(txn: Work['txn']): void {
    this.votes.set(txn, { vote: 'no' });
    this.keep({ what: 'no', txn, time: this.context.wallClock() });
  }

  private decide(txn: Work['txn'], decision: Decision): void {
    this.keep({ what: decision, txn, time: this.context.wallClock() });
    this.end(txn, decision);
    this.context.cancelTimer(String(txn));
  }

  private end(txn: Work['txn'], decision: Decision): void {
    const vote = this.votes.get(txn);
    if (vote?.vote === 'yes') vote.decision = decision;
    if (decision === 'commit') this.shard.commit(txn);
    else this.shard.abort(txn);
  }

  private prepared(work: Work, coordinator: NodeId): Vote {
    this.shard.prepare(work);
    return { vote: 'yes', work, coordinator, decision: null };
  }

  private keep(record: LogRecord, lasting = true): void {
    this.note(record);
    if (lasting) this.output.record(record);
  }

  private inquireLater(txn: Work['txn']): void {
    this.context.setTimer(String(txn), this.options.resend);
  }
}

function isInDoubt(vote: Vote): vote is Extract<Vote, { vote: 'yes' }> {
  return vote.vote === 'yes' && vote.decision === null;
}
