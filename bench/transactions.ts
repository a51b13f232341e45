import { pathToFileURL } from 'node:url';
import { type Checker, DEFAULT_BUDGET } from '../checkers/checker.ts';
import { listAppend } from '../checkers/transactions/list-append.ts';
import type { ConsistencyModel } from '../checkers/transactions/models.ts';
import { rwRegister } from '../checkers/transactions/rw-register.ts';
import { isWanted, timed } from './measuring.ts';
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
const REGISTERS: Shape = { ...LISTS, dialect: 'rw-register' };

/** Checks large histories of transactions and prints, for each checker, what it took. */
export function benchTransactions(print: (line: string) => void): void {
  judge(LISTS, { 'list-append, strict serializable': listAppend() }, print);
  judge(
    { ...LISTS, store: 'snapshot' },
    {
      'list-append of snapshot isolation, strict serializable': listAppend(),
      'list-append of snapshot isolation, snapshot isolation': listAppend({ model: 'snapshot-isolation' }),
    },
    print,
  );
  judge(REGISTERS, registers('rw-register', ...WEAK, 'serializable', 'strict-serializable'), print);
  // Few long-lived registers, whose versions stay in each other's way for as long as the history lasts.
  judge(
    { ...REGISTERS, keys: 1000, writesPerKey: Number.POSITIVE_INFINITY, store: 'causal' },
    registers('rw-register of a causal store', ...WEAK, 'strict-serializable'),
    print,
  );
  judge(
    { ...REGISTERS, store: 'snapshot' },
    registers('rw-register of snapshot isolation', 'snapshot-isolation', 'strict-serializable'),
    print,
  );
}

/** Read committed and read atomic as AWDIT and Plume have them, with session order; and causal consistency. */
const WEAK: readonly ConsistencyModel[] = [
  'strong-session-monotonic-atomic-view',
  'strong-session-read-atomic',
  'causal',
];

function registers(what: string, ...models: readonly ConsistencyModel[]): Asked {
  return Object.fromEntries(models.map((model) => [`${what}, ${model}`, rwRegister({ model })]));
}

/** Checkers by what they are asked. */
type Asked = Readonly<Record<string, Checker>>;

function judge(shape: Shape, checkers: Asked, print: (line: string) => void): void {
  const wanted = Object.entries(checkers).filter(([what]) => isWanted(what));
  if (wanted.length === 0) return;
  const history = transactionHistory(shape);
  for (const [what, checker] of wanted) {
    const { result, seconds, mb } = timed(() => checker.check(history, { budget: DEFAULT_BUDGET }));
    print(
      `${what}, ${shape.transactions} transactions: ` +
        `${seconds.toFixed(2)} s CPU, ${mb} MB resident, valid ${result.valid}`,
    );
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  benchTransactions(console.log);
}
