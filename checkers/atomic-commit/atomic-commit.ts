import type { History } from '../../histories/history.ts';
import type { Key } from '../../histories/op.ts';
import type { Checker, Verdict } from '../checker.ts';
import { AT_ONCE, type Deadline, isDemanded, tooEarly } from '../deadline.ts';
import { count, describeOp, formatTime, formatValue } from '../describe.ts';
import { placeOf } from '../final-reads.ts';
import { Findings } from '../findings.ts';
import { identity } from '../identity.ts';
import type { LastLog } from '../node-logs.ts';
import { byKey, type Operation, operationsOf } from '../operations.ts';
import { type Quantiles, quantiles } from '../quantiles.ts';
import {
  type Account,
  type Decision,
  isRequest,
  type Part,
  readAccount,
  type Transaction,
} from './transactions.ts';

export interface AtomicCommitOptions {
  /**
   * By when a node that has voted yes must know the decision: if nobody has crashed for good (`tolerates: 0`), or always
   * (non-blocking; Skeen 1981). Default: never.
   */
  readonly termination?: Deadline;
}

/**
 * Atomic commitment (Bernstein, Hadzilacos and Goodman, Concurrency control and recovery in database systems, 1987,
 * section 7.3). Operations:
 * - any whose value is an object with `txn` (a name for the transaction that nobody else uses) and `participants` (an
 *   array of the nodes that must vote), and whatever else it needs, as in a bank over shards `{ f: 'transfer', value:
 *   { txn: 7, participants: ['n1', 'n2'], from: 'a', to: 'b', amount: 5 } }`. `ok`: committed; `fail`: aborted.
 * - `log` on each node (completion value: all votes and decisions that the node ever made, in order, as `["yes", txn,
 *   time]`, and so on with `"no"`, `"commit"` and `"abort"`; the time in ns by the node's clock may be left out). The
 *   last log from each node counts.
 *
 * *agreement*: somebody committed and somebody else aborted, the client being told counted as well. *reversed*: one node
 * decided first one and then the other. *commit-without-yes*: committed though a participant had not voted yes.
 * *in-doubt* (as `termination` demands): a node voted yes and never learnt the decision, though every fault was over.
 *
 * `details.blockingTime` tells how long nodes waited between their yes and the decision. `needlessAborts` counts what
 * was aborted though every participant had voted yes, which a timeout may do.
 */
export function atomicCommit(options: AtomicCommitOptions = {}): Checker {
  return {
    name: 'atomic-commit',
    about: 'atomic commitment: all or none commit, and only what every participant voted for',
    check: (history) => checkAtomicCommit(history, options.termination),
  };
}

/** Where the findings of one group of transactions go. */
interface Subject {
  readonly history: History;
  readonly findings: Findings;
  readonly key: Key | undefined;
}

function checkAtomicCommit(history: History, termination: Deadline | undefined): Verdict {
  const demanded = termination !== undefined && isDemanded(history, termination.tolerates);
  const deadline = termination ?? AT_ONCE;
  let early = 0;
  const findings = new Findings(history);
  const counts = { transactions: 0, committed: 0, aborted: 0, logs: 0, inDoubt: 0, needlessAborts: 0 };
  const blocked: number[] = [];
  const operations = operationsOf(history).filter((op) => op.f === 'log' || isRequest(op));
  for (const [key, ops] of byKey(operations)) {
    const subject = { history, findings, key };
    const account = readAccount(history, ops, deadline.within);
    counts.logs += account.logs.size;
    for (const log of account.logs.values()) if (log.early) early++;
    for (const transaction of account.transactions) {
      const commit = deciderOf(transaction, 'commit');
      const abort = deciderOf(transaction, 'abort');
      counts.transactions++;
      if (commit !== undefined) counts.committed++;
      else if (abort !== undefined) counts.aborted++;
      if (commit === undefined && abort !== undefined && allVotedYes(transaction)) counts.needlessAborts++;
      reportDisagreement(subject, transaction);
      reportReversals(subject, transaction);
      if (commit !== undefined) reportMissingVotes(subject, transaction, commit, account);
      for (const part of transaction.parts.values()) {
        if (isInDoubt(part)) counts.inDoubt++;
        if (isInDoubt(part) && demanded) reportInDoubt(subject, transaction, part);
        const { votedAt, decidedAt } = part;
        if (votedAt !== undefined && decidedAt !== undefined) blocked.push(Math.max(0, decidedAt - votedAt));
      }
    }
  }
  const blockingTime = quantiles(blocked);
  const verdict = findings.verdict('atomic-commit', {
    counts,
    vacuous: [...whyVacuous(counts), ...tooEarly(early, deadline, 'final log')],
    details: { blockingTime },
  });
  return { ...verdict, notes: blockingTime === null ? [] : [blockage(blockingTime, counts.inDoubt)] };
}

/** How long nodes could do nothing but wait. */
function blockage({ median, p99, max }: Quantiles, inDoubt: number): string {
  const still = inDoubt === 0 ? '' : `; ${count(inDoubt, 'vote')} got no decision at all`;
  const [mid, most, longest] = [median, p99, max].map(formatTime);
  return `blocked between yes and decision for ${mid} (median), ${most} (99 %), ${longest} at most${still}`;
}

function whyVacuous({ transactions, committed, aborted, logs }: Readonly<Record<string, number>>): string[] {
  if (transactions === 0) return ['no transaction'];
  if (logs === 0) return ["no node's log was read"];
  const out: string[] = [];
  if (committed === 0) out.push('nothing was ever committed');
  if (aborted === 0) out.push('nothing was ever aborted');
  return out;
}

/** Somebody who decided: a node, or the client as it was told. */
interface Decider {
  readonly who: string;
  /** The node's log or the client's request. */
  readonly op: Operation;
}

function* decidersOf({ request, parts }: Transaction, decision: Decision): Generator<Decider> {
  const told = request?.outcome === 'ok' ? 'commit' : request?.outcome === 'fail' ? 'abort' : undefined;
  if (request !== undefined && told === decision) yield { who: 'the client', op: request };
  for (const [node, part] of parts)
    if (part.decisions.includes(decision)) yield { who: node, op: part.log.read };
}

/** The first who is known to have decided so, if anybody did. */
function deciderOf(transaction: Transaction, decision: Decision): Decider | undefined {
  let first: Decider | undefined;
  for (const decider of decidersOf(transaction, decision))
    if (first === undefined || decider.op.end < first.op.end) first = decider;
  return first;
}

function allVotedYes({ participants, parts }: Transaction): boolean {
  return participants.length > 0 && participants.every((node) => parts.get(node)?.vote === 'yes');
}

function reportDisagreement({ history, findings, key }: Subject, transaction: Transaction): void {
  for (const a of decidersOf(transaction, 'commit')) {
    for (const b of decidersOf(transaction, 'abort')) {
      if (a.op === b.op) continue;
      const say = () =>
        `The transaction ${formatValue(transaction.txn)} was committed ${forWhom(a)} and aborted ${forWhom(b)}: see ` +
        `${tell(history, a.op, transaction.txn)} and ${tell(history, b.op, transaction.txn)}.`;
      findings.add('agreement', [a.op.event, b.op.event], say, key);
      return;
    }
  }
}

function forWhom({ who }: Decider): string {
  return who === 'the client' ? 'for the client' : `by ${who}`;
}

function reportReversals({ history, findings, key }: Subject, { txn, parts }: Transaction): void {
  for (const [node, { decisions, log }] of parts) {
    const [first, second] = decisions;
    if (first === undefined || second === undefined) continue;
    const say = () =>
      `${node} decided on ${first} of the transaction ${formatValue(txn)} and later on ${second}: ` +
      `${tell(history, log.read, txn)}.`;
    findings.add('reversed', [log.read.event], say, key);
  }
}

/** For each participant that surely had not voted yes when the transaction was committed. */
function reportMissingVotes(
  { history, findings, key }: Subject,
  { txn, participants, parts }: Transaction,
  commit: Decider,
  account: Account,
): void {
  for (const node of new Set([...participants, ...parts.keys()])) {
    const part = parts.get(node);
    const log = account.logs.get(node);
    if (log === undefined) continue;
    const why = whyNoYes(part, log, commit, participants.includes(node));
    if (why === undefined) continue;
    const alone = part?.decisions.includes('commit') === true;
    const decider = alone ? { who: node, op: log.read } : commit;
    const say = () => {
      const shown = alone ? '' : ` and ${tell(history, decider.op, txn)}`;
      return (
        `The transaction ${formatValue(txn)} was committed ${forWhom(decider)} though ${node} ${why}: see ` +
        `${tell(history, log.read, txn)}${shown}.`
      );
    };
    findings.add('commit-without-yes', [decider.op.event, log.read.event], say, key);
  }
}

function whyNoYes(
  part: Part | undefined,
  log: LastLog,
  commit: Decider,
  participates: boolean,
): string | undefined {
  if (part?.vote === 'no') return 'had voted no';
  if (!participates) return undefined;
  if (part?.hasty) return 'itself had not voted by then';
  // Only a log that was read after the commit tells of every vote before it.
  if (part?.vote === undefined && log.read.begin > commit.op.end) return 'never voted on it';
  return undefined;
}

function isInDoubt({ log, vote, decisions }: Part): boolean {
  return log.final && vote === 'yes' && decisions.length === 0;
}

function reportInDoubt({ history, findings, key }: Subject, { txn }: Transaction, { log }: Part): void {
  const say = () =>
    `${log.node} voted yes on the transaction ${formatValue(txn)} and never learnt what was decided, though every ` +
    `fault was over: ${tell(history, log.read, txn)}.`;
  findings.add('in-doubt', [log.read.event], say, key);
}

/** The request for a transaction, or what a node's log says of it: `n1's log (yes, commit; read at 15 ms)`. */
function tell(history: History, op: Operation, txn: unknown): string {
  if (op.f !== 'log') return describeOp(history, op.event);
  const events = op.result as readonly (readonly [what: string, txn: unknown])[];
  const own = events.filter((event) => identity(event[1]) === identity(txn)).map(([what]) => what);
  const said = own.length === 0 ? 'nothing of it' : own.join(', ');
  return `${placeOf(op)}'s log (${said}; read at ${formatTime(op.endTime)})`;
}
