import type { History } from '../../histories/history.ts';
import type { Nanos } from '../../histories/op.ts';
import { formatValue } from '../describe.ts';
import { identity } from '../identity.ts';
import { MalformedOp, malformed } from '../malformed.ts';
import { type LastLog, lastLogs } from '../node-logs.ts';
import type { Operation } from '../operations.ts';

export type Decision = 'commit' | 'abort';

/** What one node did about one transaction, by its log. */
export interface Part {
  readonly log: LastLog;
  vote: 'yes' | 'no' | undefined;
  /** It decided to commit before it had voted yes. */
  hasty: boolean;
  /** What it decided, each decision once, in order. */
  readonly decisions: Decision[];
  /** When it voted yes and when it first decided, ns by its own clock; undefined where the log doesn't tell. */
  votedAt: number | undefined;
  decidedAt: number | undefined;
}

/** One transaction, and all that is known of it. */
export interface Transaction {
  readonly txn: unknown;
  /** The client's request; undefined when only logs tell of the transaction. */
  request: Operation | undefined;
  /** The nodes that must vote; empty when nobody says which. */
  participants: readonly string[];
  /** By node. */
  readonly parts: Map<string, Part>;
}

/** All that the clients and the nodes tell about the transactions. */
export interface Account {
  readonly transactions: readonly Transaction[];
  readonly logs: ReadonlyMap<string, LastLog>;
}

/** The fields that the checker reads in the value of a request. */
interface Request {
  readonly txn: unknown;
  readonly participants: readonly string[];
}

/** Whether an operation asks for an atomic commitment. */
export function isRequest({ argument }: Operation): boolean {
  return typeof argument === 'object' && argument !== null && 'txn' in argument && 'participants' in argument;
}

/** Reads requests and logs. Throws a `MalformedOp` when one of them can't be understood. */
export function readAccount(history: History, ops: readonly Operation[], within: Nanos): Account {
  const transactions = new Map<unknown, Transaction>();
  const transactionOf = (txn: unknown): Transaction => {
    const id = identity(txn);
    let transaction = transactions.get(id);
    if (transaction === undefined)
      transactions.set(id, (transaction = { txn, request: undefined, participants: [], parts: new Map() }));
    return transaction;
  };
  for (const op of ops) {
    if (!isRequest(op)) continue;
    const { txn, participants } = op.argument as Request;
    if (!Array.isArray(participants))
      throw malformed(history, op.begin, 'an object whose `participants` are an array of nodes');
    const transaction = transactionOf(txn);
    if (transaction.request !== undefined) throw repeated(transaction.request, op, txn);
    transaction.request = op;
    transaction.participants = participants;
  }
  const logs = lastLogs(history, ops, within);
  for (const log of logs) readLog(history, log, transactionOf);
  return {
    transactions: [...transactions.values()],
    logs: new Map(logs.map((log) => [log.node, log])),
  };
}

function repeated(first: Operation, second: Operation, txn: unknown): MalformedOp {
  return new MalformedOp(
    `events ${first.begin} and ${second.begin} (${second.f}): both ask for the transaction ${formatValue(txn)}; ` +
      'each must have a name of its own',
  );
}

function readLog(history: History, log: LastLog, transactionOf: (txn: unknown) => Transaction): void {
  const events = log.read.result;
  if (!Array.isArray(events)) throw malformedLog(history, log);
  for (const event of events as readonly unknown[]) {
    const [what, txn, at] = Array.isArray(event) ? event : [];
    const { parts } = transactionOf(txn);
    let part = parts.get(log.node);
    if (part === undefined) parts.set(log.node, (part = newPart(log)));
    const time = typeof at === 'number' ? at : undefined;
    if (what === 'yes' || what === 'no') noteVote(part, what, time);
    else if (what === 'commit' || what === 'abort') noteDecision(part, what, time);
    else throw malformedLog(history, log);
  }
}

function newPart(log: LastLog): Part {
  return { log, vote: undefined, hasty: false, decisions: [], votedAt: undefined, decidedAt: undefined };
}

function noteVote(part: Part, vote: 'yes' | 'no', time: number | undefined): void {
  if (vote === 'yes') part.votedAt ??= time;
  // A no is never taken back: whoever has counted it aborts.
  part.vote = part.vote === 'no' ? 'no' : vote;
}

function noteDecision(part: Part, decision: Decision, time: number | undefined): void {
  if (decision === 'commit' && part.vote === undefined) part.hasty = true;
  if (part.decisions.length === 0) part.decidedAt = time;
  if (!part.decisions.includes(decision)) part.decisions.push(decision);
}

function malformedLog(history: History, { read }: LastLog): MalformedOp {
  return malformed(
    history,
    read.event,
    'an array of [what, txn, time], what being "yes", "no", "commit" or "abort"',
  );
}
