import type { History } from '../histories/history.ts';
import type { Checker, OnlineChecker, Verdict } from './checker.ts';
import { describeOp, formatValue } from './describe.ts';
import { Findings } from './findings.ts';
import { malformed } from './malformed.ts';
import { Rechecking } from './online.ts';
import { groupBy, type Operation, operationsByKey } from './operations.ts';

export interface BankOptions {
  /** The money in all accounts together. By default what most reads show. */
  readonly total?: number;
  /** Whether an account may be overdrawn. Default false. */
  readonly negativeBalances?: boolean;
}

/**
 * Accounts between which money is moved (Jepsen's `bank`): a read in one transaction must see every transfer whole or
 * not at all. Operations: `transfer` (value: `{ from, to, amount }`) and `read` (completion value: an object with the
 * balance of every account). The key says which bank.
 *
 * *wrong-total*: a read shows more or less money than there is; *negative-balance*: an overdrawn account; *no-balance*: an
 * account whose balance isn't a number.
 */
export function bank(options: BankOptions = {}): Checker {
  return {
    name: 'bank',
    about: 'transfers between accounts: every read shows all the money, and no overdrawn account',
    check: (history) => checkBanks(history, options),
    // What most reads show may change.
    ...(options.total === undefined ? {} : { online: rechecked }),
  };
}

function rechecked(this: Checker): OnlineChecker {
  return new Rechecking(this, 'history');
}

/** A successful read. */
interface Statement {
  readonly read: Operation;
  readonly balances: readonly (readonly [account: string, balance: unknown])[];
  /** NaN when some balance isn't a number. */
  readonly total: number;
}

function checkBanks(history: History, { total, negativeBalances = false }: BankOptions): Verdict {
  const findings = new Findings(history);
  const counts = { reads: 0, transfers: 0 };
  for (const [, ops] of operationsByKey(history, ['read', 'transfer'])) {
    const transfers = ops.filter((op) => op.f === 'transfer' && op.outcome !== 'fail');
    const reads = ops.filter((op) => op.f === 'read' && op.outcome === 'ok');
    const statements = reads.map((read) => statementOf(history, read));
    counts.reads += reads.length;
    counts.transfers += transfers.filter((op) => op.outcome === 'ok').length;
    const usual = total === undefined ? mostCommon(statements) : undefined;
    for (const statement of statements) {
      reportBalances(history, findings, statement, negativeBalances);
      const expected = total ?? usual?.total;
      if (expected === undefined || Number.isNaN(statement.total) || statement.total === expected) continue;
      reportTotal(history, findings, { statement, expected, usual, transfers });
    }
  }
  const vacuous = counts.transfers === 0 ? ['no transfer succeeded'] : [];
  if (counts.reads === 0) vacuous.push('no read succeeded');
  return findings.verdict('bank', { counts, vacuous });
}

function statementOf(history: History, read: Operation): Statement {
  const { result } = read;
  if (typeof result !== 'object' || result === null || Array.isArray(result))
    throw malformed(history, read.event, 'an object with the balance of every account');
  const balances = Object.entries(result);
  let total = 0;
  for (const [, balance] of balances) total += typeof balance === 'number' ? balance : Number.NaN;
  return { read, balances, total };
}

/** The first read of those that show the total that most do. */
function mostCommon(statements: readonly Statement[]): Statement | undefined {
  const groups = groupBy(
    statements.filter(({ total }) => !Number.isNaN(total)),
    ({ total }) => total,
  );
  let most: readonly Statement[] = [];
  for (const group of groups.values()) if (group.length > most.length) most = group;
  return most[0];
}

function reportBalances(
  history: History,
  findings: Findings,
  { read, balances }: Statement,
  negativeBalances: boolean,
): void {
  for (const [account, balance] of balances) {
    const say = (what: string) => () =>
      `${describeOp(history, read.event)} shows ${what} in account ${formatValue(account)}.`;
    if (typeof balance !== 'number') {
      findings.add('no-balance', [read.event], say(`${formatValue(balance)}, which is no amount,`), read.key);
    } else if (balance < 0 && !negativeBalances) {
      findings.add('negative-balance', [read.event], say(`a balance of ${balance}`), read.key);
    }
  }
}

interface WrongTotal {
  readonly statement: Statement;
  readonly expected: number;
  /** The read that shows the right total, where that wasn't given. */
  readonly usual: Statement | undefined;
  readonly transfers: readonly Operation[];
}

function reportTotal(history: History, findings: Findings, wrong: WrongTotal): void {
  const { statement, expected, usual } = wrong;
  const { read, total } = statement;
  const say = () => {
    const off = total - expected;
    const source =
      usual === undefined ? '' : `, as most reads show, like ${describeOp(history, usual.read.event)}`;
    return (
      `${describeOp(history, read.event)} shows ${total} in all accounts together, ${Math.abs(off)} too ` +
      `${off > 0 ? 'much' : 'little'}: there are ${expected}${source}.${suspicion(history, wrong, Math.abs(off))}`
    );
  };
  const events = usual === undefined ? [read.event] : [usual.read.event, read.event];
  findings.add('wrong-total', events, say, read.key);
}

/** Names the transfer that the read may have seen by half, if just one fits that was under way during the read. */
function suspicion(history: History, { statement, transfers }: WrongTotal, off: number): string {
  const { read } = statement;
  const fitting = transfers.filter(
    ({ argument, begin, end }) =>
      begin < read.end && end > read.begin && (argument as { amount?: unknown } | null)?.amount === off,
  );
  if (fitting.length !== 1) return '';
  return ` That is half of ${describeOp(history, fitting[0]!.event)}, which was under way at the time.`;
}
