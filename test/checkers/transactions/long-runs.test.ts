import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Findings } from '../../../checkers/findings.ts';
import { readTransactions } from '../../../checkers/transactions/micro-operations.ts';
import { registerReads } from '../../../checkers/transactions/register-reads.ts';
import { rwRegister } from '../../../checkers/transactions/rw-register.ts';
import { Steps } from '../../../checkers/transactions/steps.ts';
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
import { check } from '../story.ts';
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
        const found = windowSearch(txns, readsFrom, none, new Steps(1_000_000));
        expect(found === true).toBe(holds('strict-serializable', transactionsOf(events), 'rw-register'));
        expect(found).not.toBe('undecided');
      }),
      fuzz(500, 5),
    );
  },
);
