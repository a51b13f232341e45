import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { DEFAULT_BUDGET } from '../../../checkers/checker.ts';
import { listAppend } from '../../../checkers/transactions/list-append.ts';
import { brokenWith, type ConsistencyModel } from '../../../checkers/transactions/models.ts';
import { rwRegister } from '../../../checkers/transactions/rw-register.ts';
import { readHistory } from '../../../histories/read.ts';

const CORPUS = new URL('../../../../shared/corpus/', import.meta.url);

interface Entry {
  readonly file: string;
  readonly checker?: string;
  readonly anomalies_any: readonly string[];
  readonly models_broken: readonly string[];
  readonly models_hold: readonly string[];
}

const entries: Entry[] = existsSync(new URL('index.jsonl', CORPUS))
  ? readFileSync(new URL('index.jsonl', CORPUS), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Entry)
      .filter(({ checker }) => checker === 'list-append' || checker === 'rw-register')
  : [];

/** What the corpus calls models for which this lattice has another name. */
const NAMES: Readonly<Record<string, ConsistencyModel>> = {
  'CCv*': 'causal',
  'causal*': 'causal',
  // Causal memory has no transactional form here; what it implies and causal convergence doesn't is PRAM.
  'CM*': 'PRAM',
  'read-atomic*': 'read-atomic',
  'read-atomic(with session order)*': 'strong-session-read-atomic',
  // By the axiom of Biswas and Enea, which is monotonic atomic view; Adya's read committed may hold nevertheless.
  'read-committed*': 'monotonic-atomic-view',
};

function modelOf(name: string): ConsistencyModel {
  return NAMES[name] ?? (name as ConsistencyModel);
}

async function verdictOn(file: string, checker: string | undefined, options = {}) {
  const { history } = await readHistory(new URL(file, CORPUS).pathname);
  const check = checker === 'list-append' ? listAppend() : rwRegister(options);
  return check.check(history, { budget: DEFAULT_BUDGET });
}

for (const { file, checker, anomalies_any, models_broken, models_hold } of entries) {
  test(`${file} is judged as the corpus says`, async () => {
    const { valid, anomalies, details } = await verdictOn(file, checker);
    const kinds = anomalies.map(({ kind }) => kind);
    const named = anomalies_any.filter((kind) => !kind.startsWith('('));
    if (named.length > 0) expect(kinds.filter((kind) => named.includes(kind))).not.toEqual([]);
    const broken = brokenWith(details!.weakestBroken as ConsistencyModel[]);
    for (const model of models_broken) expect(broken, model).toContain(modelOf(model));
    for (const model of models_hold) expect(broken, model).not.toContain(modelOf(model));
    expect(valid).toBe(models_broken.length === 0);
  });
}

const pairs = entries.filter(({ file }) => file.endsWith('.edn'));

for (const { file, checker } of pairs) {
  test(`${file} is judged as the same history in JSON Lines`, async () => {
    expect(await verdictOn(file, checker)).toEqual(await verdictOn(file.replace(/edn$/, 'jsonl'), checker));
  });
}

const right = entries.filter(
  (e) => e.checker === 'rw-register' && e.models_hold.includes('strict-serializable'),
);

for (const { file } of right) {
  test(`${file} stays right when its registers are taken to be linearizable`, async () => {
    expect((await verdictOn(file, 'rw-register', { linearizableKeys: true })).valid).toBe(true);
  });
}

test.skipIf(!existsSync(CORPUS))('the corpus has histories of transactions', () => {
  expect(entries.length).toBeGreaterThan(0);
});
