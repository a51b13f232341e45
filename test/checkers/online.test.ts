import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CATALOGUE } from '../../checkers/catalogue.ts';
import type { Checker } from '../../checkers/checker.ts';
import { linearizable } from '../../checkers/linearizable/linearizable.ts';
import { listAppend } from '../../checkers/transactions/list-append.ts';
import { rwRegister } from '../../checkers/transactions/rw-register.ts';
import { historyOf } from '../../histories/builder.ts';
import type { History } from '../../histories/history.ts';
import type { OpEvent } from '../../histories/op.ts';
import { fuzz } from './effort.ts';
import type { SequentialObject } from './linearizable/brute-force.ts';
import * as objects from './linearizable/sequential-objects.ts';
import { type SmallHistories, smallHistories } from './linearizable/small-histories.ts';
import { check, tell } from './story.ts';
import { smallHistory } from './transactions/random-histories.ts';

/** Unique values; a lie is an older one, as nobody can read what is yet to be written. */
const registers: SmallHistories<unknown> = {
  object: objects.register,
  invocation: (pick, serial) =>
    pick % 2 === 0 ? { f: 'read', value: null } : { f: 'write', value: serial + 1 },
  lie: (f, value, lie) => ({ type: 'ok', value: f === 'read' ? (lie % 2 === 0 ? null : 1) : value }),
};

const queues: SmallHistories<readonly number[]> = {
  object: objects.queue,
  invocation: (pick, serial) =>
    pick % 2 === 0 ? { f: 'enqueue', value: serial } : { f: 'dequeue', value: null },
  lie: (f, value, lie) => ({ type: 'ok', value: f === 'enqueue' ? value : lie % 5 === 0 ? null : 0 }),
};

const counters: SmallHistories<number> = {
  object: objects.counter,
  invocation: (pick) => (pick % 2 === 0 ? { f: 'read', value: null } : { f: 'add', value: 1 + (pick % 3) }),
  lie: (f, value, lie) => ({ type: 'ok', value: f === 'read' ? lie % 9 : value }),
};

const mutex: SequentialObject<boolean> = {
  init: false,
  apply: (held, f, value) =>
    held === (f === 'release') ? { state: !held, type: 'ok', value } : { state: held, type: 'fail', value },
};

const locks: SmallHistories<boolean> = {
  object: mutex,
  invocation: (pick) => ({ f: pick % 2 === 0 ? 'acquire' : 'release', value: null }),
  lie: (_, value) => ({ type: 'ok', value }),
};

const transactions = (dialect: 'list-append' | 'rw-register') =>
  fc
    .oneof(...(['stale', 'chaos'] as const).map((store) => smallHistory({ dialect, store, transactions: 6 })))
    .map((events) => historyOf(events));

const named = (...names: string[]) => names.map((name) => CATALOGUE[name]!.create());

type Case = readonly [what: string, histories: fc.Arbitrary<History>, checkers: readonly Checker[]];

const CASES: readonly Case[] = [
  [
    'registers',
    smallHistories(registers, 10),
    [
      linearizable(),
      ...named('regular', 'sequential', 'causal', 'causal-convergence', 'causal-memory', 'pram'),
      ...named('session-guarantees'),
    ],
  ],
  ['queues', smallHistories(queues, 10), [linearizable({ model: 'queue' }), ...named('queue')]],
  ['counters', smallHistories(counters, 10), [linearizable({ model: 'counter' }), ...named('counter')]],
  ['locks', smallHistories(locks, 10), [linearizable({ model: 'mutex' }), ...named('lock')]],
  ['list-append', transactions('list-append'), [listAppend(), listAppend({ model: 'read-committed' })]],
  ['rw-register', transactions('rw-register'), [rwRegister(), rwRegister({ model: 'snapshot-isolation' })]],
];

for (const [what, histories, checkers] of CASES) {
  test.each(checkers.map((checker) => ({ checker, name: checker.name })))(
    `what $name finds in a history of ${what} so far, it finds in all that may follow`,
    ({ checker }) => {
      let broken = 0;
      fc.assert(
        fc.property(histories, fc.nat(99), (history, percent) => {
          const events = [...history] as OpEvent[];
          const soFar = historyOf(events.slice(0, Math.ceil((events.length * percent) / 100)));
          if (check(checker, soFar).valid !== false) return;
          broken++;
          expect(check(checker, history).valid).toBe(false);
        }),
        fuzz(300, 3),
      );
      expect(checker.online).toBeDefined();
      expect(broken).toBeGreaterThan(5);
    },
  );
}

/** Twenty ids of which two are the same, with faults between. */
const IDS = tell(
  { process: 'nemesis', f: 'network/cut' },
  ...Array.from({ length: 40 }, (_, i) => ({
    process: i % 3,
    f: 'generate',
    result: i === 21 ? 7 : i,
  })),
);

test('a violation is told while the history grows, by its events in the whole', () => {
  const online = CATALOGUE['unique-ids']!.create().online!();
  const told = [...IDS].map((op) => online.observe(op));
  const first = told.findIndex((anomaly) => anomaly !== null);
  // Asked again after each sixteen answers: at the 32nd.
  expect(first).toBe(2 + 2 * 32 - 1);
  expect(told[first]).toMatchObject({ kind: 'duplicated', ops: [2 + 2 * 7 + 1, 2 + 2 * 21 + 1] });
});

test('a checker that cannot read the history says nothing', () => {
  const twice = tell(
    ...Array.from({ length: 20 }, () => ({ process: 0, f: 'txn', argument: [['w', 'x', 1]] })),
  );
  const online = CATALOGUE['long-fork']!.create().online!();
  for (const op of twice) expect(online.observe(op)).toBeNull();
});

test('what only a whole history tells has no online checker', () => {
  for (const name of ['set-full', 'total-queue', 'convergence', 'bank'])
    expect(CATALOGUE[name]!.create().online).toBeUndefined();
});
