import { pathToFileURL } from 'node:url';
import { type Checker, DEFAULT_BUDGET } from '../checkers/checker.ts';
import { listAppend } from '../checkers/transactions/list-append.ts';
import { rwRegister } from '../checkers/transactions/rw-register.ts';
import { type Shape, transactionHistory } from './transaction-histories.ts';

const LISTS: Shape = {
  dialect: 'list-append',
  transactions: 1_000_000,
  clients: 50,
  keys: 100,
  writesPerKey: 32,
  length: 4,
  store: 'serial',
};
const SNAPSHOTS: Shape = { ...LISTS, store: 'snapshot' };
const REGISTERS: Shape = { ...LISTS, dialect: 'rw-register' };

/** Checks large histories of transactions and prints, for each checker, what it took. */
export function benchTransactions(print: (line: string) => void): void {
  judge(LISTS, { 'list-append, strict serializable': listAppend() }, print);
  judge(SNAPSHOTS, { 'list-append of snapshot isolation, strict serializable': listAppend() }, print);
  const models = ['read-committed', 'read-atomic', 'causal'] as const;
  const checkers = models.map((model) => [`rw-register, ${model}`, rwRegister({ model })]);
  judge(REGISTERS, Object.fromEntries(checkers), print);
}

/** Checkers by what they are asked. */
type Asked = Readonly<Record<string, Checker>>;

function judge(shape: Shape, checkers: Asked, print: (line: string) => void): void {
  const history = transactionHistory(shape);
  for (const [what, checker] of Object.entries(checkers)) {
    const begin = process.cpuUsage();
    const { valid } = checker.check(history, { budget: DEFAULT_BUDGET });
    const { user, system } = process.cpuUsage(begin);
    const seconds = ((user + system) / 1e6).toFixed(2);
    const mb = Math.round(process.memoryUsage().rss / 1e6);
    print(`${what}, ${shape.transactions} transactions: ${seconds} s CPU, ${mb} MB resident, valid ${valid}`);
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  benchTransactions(console.log);
}
