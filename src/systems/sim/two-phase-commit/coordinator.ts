import type { NodeId } from '../../../faults/fault.ts';
import type { Nanos } from '../../../world/nanos.ts';
import type { NodeContext, RequestId } from '../../../world/node-program.ts';
import type { OutputCommit } from '../shared/output-commit.ts';
import type { Balances } from '../shared/shards/shard.ts';
import type { Decision, Work } from '../shared/shards/transfers.ts';
import type { LogRecord, Message } from './messages.ts';

/** A transaction that this node coordinates. */
interface Transaction {
  readonly participants: readonly NodeId[];
  /** While votes are collected: what to ask, for whom, and since when. */
  readonly voting: { readonly work: Work; readonly request: RequestId; readonly since: Nanos } | null;
  readonly yes: Set<NodeId>;
  readonly balances: Record<string, number>;
  decision: Decision | null;
  /** Who knows of the decision to commit. */
  readonly done: Set<NodeId>;
}

export interface CommitOptions {
  readonly bugs: ReadonlySet<string>;
  /** Unanswered messages are sent again after this. */
  readonly resend: Nanos;
  /** A vote that has not come by then counts as a no. */
  readonly voteTimeout: Nanos;
  /** Whether a participant in doubt asks the other participants too. */
  readonly cooperative: boolean;
}

/** Names of the coordinator's timers begin so. */
export const COORDINATOR_TIMER = 'coordinate/';

/** A node's part as the coordinator of its clients' transactions. */
export class Coordinator {
  private readonly context: NodeContext<Message>;
  private readonly output: OutputCommit<Message>;
  private readonly options: CommitOptions;
  private readonly transactions = new Map<Work['txn'], Transaction>();

  constructor(context: NodeContext<Message>, output: OutputCommit<Message>, options: CommitOptions) {
    this.context = context;
    this.output = output;
    this.options = options;
  }

  /** Asks every participant for its vote (§7.4, step 1). */
  begin(request: RequestId, work: Work): void {
    const { participants } = work;
    const voting = { work, request, since: this.context.monotonic() };
    this.transactions.set(work.txn, { ...newTransaction(participants), voting });
    this.ask(work.txn);
  }

  /** After a restart: tells the decision again until everybody knows it (§7.4, recovery). */
  resume(txn: Work['txn'], participants: readonly NodeId[]): void {
    this.transactions.set(txn, { ...newTransaction(participants), voting: null, decision: 'commit' });
    this.ask(txn);
  }

  onVote(from: NodeId, { txn, vote, balances }: Extract<Message, { type: 'vote' }>): void {
    const transaction = this.transactions.get(txn);
    if (transaction?.decision !== null) {
      this.onInquiry(from, txn);
      return;
    }
    if (vote === 'no') {
      this.abort(txn, transaction, 'vote-no');
      return;
    }
    transaction.yes.add(from);
    Object.assign(transaction.balances, balances);
    if (transaction.yes.size === transaction.participants.length) this.commit(txn, transaction);
  }

  /** Somebody in doubt asks what was decided. What this node doesn't know of was aborted (Mohan, Lindsay and Obermarck 1986, §3: presumed abort). */
  onInquiry(from: NodeId, txn: Work['txn']): void {
    const transaction = this.transactions.get(txn);
    const decision = transaction === undefined ? 'abort' : transaction.decision;
    if (decision !== null) this.output.send(from, { type: 'decision', txn, decision });
  }

  onDone(from: NodeId, txn: Work['txn']): void {
    const transaction = this.transactions.get(txn);
    if (transaction?.decision !== 'commit') return;
    transaction.done.add(from);
    if (transaction.done.size < transaction.participants.length) return;
    this.transactions.delete(txn);
    this.output.record({ what: 'end', txn } satisfies LogRecord);
  }

  onTimer(name: string): void {
    const txn = [...this.transactions.keys()].find((known) => timerOf(known) === name);
    if (txn === undefined) return;
    const transaction = this.transactions.get(txn)!;
    const { voting, decision } = transaction;
    const late = voting !== null && this.context.monotonic() - voting.since >= this.options.voteTimeout;
    // Without all votes the coordinator may still decide as it likes (§7.4, timeout actions).
    if (decision === null && late) this.abort(txn, transaction, 'no-vote');
    else this.ask(txn);
  }

  /** Sends the request for a vote, or the decision, to whoever has not answered it. */
  private ask(txn: Work['txn']): void {
    const { participants, voting, decision, yes, done } = this.transactions.get(txn)!;
    const message: Message =
      decision === null ? { type: 'vote-request', work: voting!.work } : { type: 'decision', txn, decision };
    const answered = decision === null ? yes : done;
    for (const node of participants) if (!answered.has(node)) this.output.send(node, message);
    this.context.setTimer(timerOf(txn), this.options.resend);
  }

  /** Everybody has voted yes: the transaction is committed as soon as that is on the disk (§7.4, step 3). */
  private commit(txn: Work['txn'], transaction: Transaction): void {
    const { participants, balances, voting } = transaction;
    transaction.decision = 'commit';
    // A coordinator that forgets this presumes after a crash that it had aborted.
    if (!this.options.bugs.has('coordinator-forgets-decision'))
      this.output.record({
        what: 'decided',
        txn,
        time: this.context.wallClock(),
        participants,
      } satisfies LogRecord);
    const { work, request } = voting!;
    this.output.reply(request, { type: 'ok', ...(work.f === 'read' ? { value: sorted(balances) } : {}) });
    this.ask(txn);
  }

  /** Needs no record: whoever asks later is told the same. */
  private abort(txn: Work['txn'], { participants, voting }: Transaction, error: string): void {
    this.transactions.delete(txn);
    this.context.cancelTimer(timerOf(txn));
    for (const node of participants) this.output.send(node, { type: 'decision', txn, decision: 'abort' });
    this.output.reply(voting!.request, { type: 'fail', error });
  }
}

function newTransaction(participants: readonly NodeId[]): Omit<Transaction, 'voting'> {
  return { participants, yes: new Set(), balances: {}, decision: null, done: new Set() };
}

function timerOf(txn: Work['txn']): string {
  return `${COORDINATOR_TIMER}${txn}`;
}

function sorted(balances: Balances): Balances {
  return Object.fromEntries(Object.entries(balances).sort(([a], [b]) => (a < b ? -1 : 1)));
}
