import { existsSync, readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { DEFAULT_BUDGET } from '../checkers/checker.ts';
import { type LinearizableOptions, linearizable } from '../checkers/linearizable/linearizable.ts';
import type { History } from '../histories/history.ts';
import { readHistory } from '../histories/read.ts';
import { containerHistory } from './container-histories.ts';
import { isWanted, timed } from './measuring.ts';
import { type RegisterRun, registerHistory } from './register-histories.ts';

const UNIQUE: RegisterRun = {
  operations: 1_000_000,
  keys: 100,
  clients: 50,
  pending: 100,
  reads: 50,
  writes: 50,
  seed: 1,
};
const HARD: RegisterRun = {
  operations: 1_000,
  keys: 1,
  clients: 10,
  pending: 10,
  values: 5,
  reads: 40,
  writes: 30,
  seed: 1,
};
/** Recorded histories, beside the checkout. */
const CORPUS = '../shared/corpus';

const REGISTERS: readonly [work: string, run: RegisterRun][] = [
  ['register, 10^6 operations, 100 keys, 50 clients', UNIQUE],
  ['the same with compare-and-set', { ...UNIQUE, writes: 25 }],
  ['one key, 10^5 operations, 50 clients, 100 pending', { ...UNIQUE, operations: 100_000, keys: 1 }],
  ['the same with compare-and-set', { ...UNIQUE, operations: 100_000, keys: 1, writes: 25 }],
  [
    'one key, 10^5 operations, 5 clients, 100 pending, cas',
    { ...UNIQUE, operations: 100_000, keys: 1, clients: 5, writes: 25 },
  ],
  ['values 0-4, cas, 1,000 operations, 10 clients, 10 pending', HARD],
  ['the same with 20 clients', { ...HARD, clients: 20 }],
  ['the same with 30 clients', { ...HARD, clients: 30 }],
  [
    'values 0-4, reads and blind writes, 30 clients, 30 pending',
    { ...HARD, clients: 30, pending: 30, reads: 50, writes: 50 },
  ],
];

/** CPU time and memory of the linearizability checker on histories right and wrong. */
export async function benchLinearizable(print: (row: string) => void): Promise<void> {
  for (const [work, run] of REGISTERS) {
    if (isWanted(nameOf(work))) print(row(work, registerHistory(run), {}));
    const wrong = `${work}, wrong`;
    if (isWanted(nameOf(wrong))) print(row(wrong, registerHistory({ ...run, wrong: true }), {}));
  }
  for (const kind of ['queue', 'stack', 'set'] as const) {
    for (const wrong of [false, true]) {
      const work = `${kind}, 10^6 operations, 50 clients${wrong ? ', wrong' : ''}`;
      if (!isWanted(nameOf(work))) continue;
      const history = containerHistory({ kind, operations: 1_000_000, clients: 50, seed: 1, wrong });
      print(row(work, history, { model: kind }));
    }
  }
  if (!isWanted(nameOf('recorded etcd logs'))) return;
  const logs = await etcdLogs();
  if (logs.length > 0) print(corpusRow(logs));
}

function nameOf(work: string): string {
  return `linearizable, ${work}`;
}

function row(work: string, history: History, options: LinearizableOptions): string {
  const checker = linearizable(options);
  const { result, seconds, mb } = timed(() => checker.check(history, { budget: DEFAULT_BUDGET }));
  return `${nameOf(work)}: ${inMilliseconds(seconds)} CPU, ${mb} MB resident, valid ${result.valid}, ${result.counts.steps} steps`;
}

function inMilliseconds(seconds: number): string {
  return `${Math.round(seconds * 1000)} ms`;
}

async function etcdLogs(): Promise<History[]> {
  const index = `${CORPUS}/index.jsonl`;
  if (!existsSync(index)) return [];
  const entries = readFileSync(index, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const paths = entries.filter(({ format }) => format === 'etcd-log').map(({ file }) => `${CORPUS}/${file}`);
  return Promise.all(paths.map(async (path) => (await readHistory(path, { format: 'etcd-log' })).history));
}

function corpusRow(logs: readonly History[]): string {
  const checker = linearizable({ model: 'cas-register' });
  const { seconds, result } = timed(() =>
    logs.map((log) => checker.check(log, { budget: DEFAULT_BUDGET }).valid),
  );
  const invalid = result.filter((valid) => valid === false).length;
  return `${nameOf(`${logs.length} recorded etcd logs together`)}: ${inMilliseconds(seconds)} CPU, ${invalid} invalid`;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await benchLinearizable(console.log);
}
