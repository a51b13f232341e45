import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Findings } from '../../../checkers/findings.ts';
import { listAppend } from '../../../checkers/transactions/list-append.ts';
import { readTransactions } from '../../../checkers/transactions/micro-operations.ts';
import { registerReads } from '../../../checkers/transactions/register-reads.ts';
import { rwRegister } from '../../../checkers/transactions/rw-register.ts';
import { Steps } from '../../../checkers/transactions/steps.ts';
import { VersionReads } from '../../../checkers/transactions/version-readers.ts';
import { windowSearch } from '../../../checkers/transactions/window-search.ts';
import { WriteIndex } from '../../../checkers/transactions/write-index.ts';
import { historyOf } from '../../../histories/builder.ts';
import { limit } from '../../../src/generator/limits.ts';
import { stagger } from '../../../src/generator/pace.ts';
import { simulateGenerator } from '../../../src/generator/simulate.ts';
import { onClients } from '../../../src/generator/threads.ts';
import { MILLISECOND } from '../../../src/world/nanos.ts';
import { randomOf } from '../../../src/world/random.ts';
import { rwRegister as workload } from '../../../workloads/rw-register.ts';
import { optionsFor } from '../../workloads/options.ts';
import { fuzz } from '../effort.ts';
import { check, type Told, tell } from '../story.ts';
import { holds, transactionsOf } from './oracle.ts';
import { smallHistory } from './random-histories.ts';

type Micro = readonly [f: string, key: string, value: number | null];

/** 600 transactions on three registers at a time, each of which takes effect at an instant of its own. */
function run(seed: number, { concurrency = 10, slowest = 5 * MILLISECOND } = {}) {
  const held = new Map<string, number | null>();
  const random = randomOf(seed);
  const generator = onClients(limit(600, stagger(MILLISECOND, workload.generator(optionsFor(workload)))));
  const events = simulateGenerator(generator, {
    random: randomOf(`generator ${seed}`),
    concurrency,
    complete({ value }) {
      const seen = (value as Micro[]).map(([f, key, written]) => {
        if (f === 'w') held.set(key, written);
        return [f, key, f === 'w' ? written : (held.get(key) ?? null)];
      });
      return { type: 'ok', value: seen, after: random.between(0, slowest) };
    },
  });
  return historyOf(events);
}

test('an order is found for whatever was done one by one, however the answers are mixed up', () => {
  for (let seed = 1; seed <= 6; seed++) expect(check(rwRegister(), run(seed))).toMatchObject({ valid: true });
});

test('a crowd of fifty clients is decided too', () => {
  const crowd = { concurrency: 50, slowest: 50 * MILLISECOND };
  for (let seed = 1; seed <= 3; seed++)
    expect(check(rwRegister(), run(seed, crowd))).toMatchObject({ valid: true });
});

test.each(['serial', 'snapshot', 'stale', 'chaos'] as const)(
  'following all ways in which a small history of a %s store can have gone agrees with the definition',
  (store) => {
    fc.assert(
      fc.property(smallHistory({ dialect: 'rw-register', store, transactions: 5 }), (events) => {
        const history = historyOf(events);
        const txns = readTransactions(history, 'rw-register');
        const findings = new Findings(history);
        const readsFrom = registerReads(txns, new WriteIndex(txns), findings);
        // What single reads show is another's affair.
        if (Object.keys(findings.counts()).length > 0) return;
        const none = { first: new Int32Array(txns.size + 1), writers: new Int32Array(0) };
        const found = windowSearch(
          txns,
          readsFrom,
          new VersionReads(txns, readsFrom),
          none,
          new Steps(1_000_000),
        );
        expect(found === true).toBe(holds('strict-serializable', transactionsOf(events), 'rw-register'));
        expect(found).not.toBe('undecided');
      }),
      fuzz(500, 5),
    );
  },
);

const txn = (process: number, result: unknown[], at?: { from: number; to: number }): Told => ({
  process,
  f: 'txn',
  argument: result.map((micro) =>
    (micro as unknown[])[0] === 'r' ? ['r', (micro as unknown[])[1], null] : micro,
  ),
  result,
  ...at,
});

/** Many transactions on lists, one after another, of which the last appends are never read; then these. */
function afterMany(...last: Told[]) {
  const many = Array.from({ length: 1500 }, (_, i) =>
    txn(i % 5, i % 2 === 0 ? [['append', `k${i >> 4}`, i]] : [['r', `k${i >> 4}`, evensUpTo(i)]]),
  );
  return tell(...many, ...last);
}

function evensUpTo(i: number): number[] {
  return Array.from({ length: (i % 16) >> 1 }, (_, j) => (i >> 4) * 16 + 2 * j).concat(i - 1);
}

/** Two transactions at once, each of which misses what the other appends. */
function skewed(...alsoByTheSecond: unknown[]): Told[] {
  const at = { from: 20_000, to: 20_005 };
  const first = [
    ['r', 'x', []],
    ['append', 'y', 1],
  ];
  const second = [
    ['r', 'y', []],
    ['append', 'x', 1],
  ];
  return [txn(1, first, at), txn(2, [...second, ...alsoByTheSecond], at)];
}

test('cycles alone tell everything about a long history of lists whose order they show', () => {
  const verdict = check(listAppend(), afterMany(...skewed()));
  expect(verdict.counts).toMatchObject({ 'G2-item': 1 });
  expect(verdict.details).toEqual({
    model: 'strict-serializable',
    weakestBroken: ['update-serializable', 'repeatable-read'],
    strongestPossible: ['strong-snapshot-isolation'],
    undecided: [],
  });
});

test('a skew that only a second reader shows leaves the updates in order', () => {
  const at = (from: number, to: number) => ({ from, to });
  const anomaly = [
    txn(1, [['append', 'x', 1]], at(20_000, 20_005)),
    txn(2, [['append', 'y', 1]], at(20_000, 20_005)),
    txn(
      3,
      [
        ['r', 'x', [1]],
        ['r', 'y', []],
      ],
      at(20_000, 20_020),
    ),
    txn(
      4,
      [
        ['r', 'x', []],
        ['r', 'y', [1]],
      ],
      at(20_000, 20_020),
    ),
  ];
  const { details } = check(listAppend({ model: 'serializable' }), afterMany(...anomaly));
  expect(details!.weakestBroken).not.toContain('update-serializable');
  expect(details!.strongestPossible).toContain('update-serializable');
  expect(details!.undecided).toEqual([]);
});

test('two appends of which nobody tells the order are put in one before a long history is trusted', () => {
  const { details } = check(listAppend(), afterMany(...skewed(['append', 'y', 2])));
  expect(details!.strongestPossible).not.toContain('strong-snapshot-isolation');
});
