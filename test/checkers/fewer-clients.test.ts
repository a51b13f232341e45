import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Checker } from '../../checkers/checker.ts';
import { listAppend } from '../../checkers/transactions/list-append.ts';
import { impliedBy } from '../../checkers/transactions/models.ts';
import { rwRegister } from '../../checkers/transactions/rw-register.ts';
import { historyOf } from '../../histories/builder.ts';
import type { OpEvent, Process } from '../../histories/op.ts';
import { causalStore, historyOfSmall, lateArrivals, smallRegisters } from './causal/random-registers.ts';
import { fuzz } from './effort.ts';
import { register } from './linearizable/sequential-objects.ts';
import { smallHistories } from './linearizable/small-histories.ts';
import { REGISTER_CHECKERS } from './register-checkers.ts';
import { check } from './story.ts';
import { DEFINED_MODELS } from './transactions/oracle.ts';
import { type Store, smallHistory } from './transactions/random-histories.ts';

// Whatever explains a history explains what is left of it when some clients are taken out of both, unless a client that
// stays has read what one of them wrote: every other read still has the last write before it where it was. So a client goes
// together with those who read from it, and those who read from them.

/** What an event shows that its client has written or read, one text for each value of each object. */
interface Values {
  written(event: OpEvent): readonly string[];
  read(event: OpEvent): readonly string[];
}

/** What is left without the client and all who read from it, directly or not. */
function without(client: Process, events: readonly OpEvent[], { written, read }: Values): OpEvent[] {
  const gone = new Set([client]);
  for (const each of gone) {
    const values = new Set(events.filter(({ process }) => process === each).flatMap(written));
    for (const event of events) if (read(event).some((value) => values.has(value))) gone.add(event.process);
  }
  return events.filter(({ process }) => !gone.has(process));
}

/** Takes each client out of a history that is valid; returns how often one went that had written, and others stayed. */
function expectStillValid(checker: Checker, events: readonly OpEvent[], values: Values): number {
  if (check(checker, historyOf(events)).valid !== true) return 0;
  let telling = 0;
  for (const client of new Set(events.map(({ process }) => process))) {
    const left = without(client, events, values);
    expect(check(checker, historyOf(left)).valid, `${checker.name} without ${client}`).toBe(true);
    const wrote = events.some((event) => event.process === client && values.written(event).length > 0);
    if (wrote && left.some((event) => values.read(event).length > 0)) telling++;
  }
  return telling;
}

const REGISTERS: Values = {
  written: ({ f, key, value }) => (f === 'write' ? [`${key} ${value}`] : []),
  read: ({ f, key, value, type }) => (f === 'read' && type === 'ok' ? [`${key} ${value}`] : []),
};

test.each(REGISTER_CHECKERS)(
  '$name: no valid history becomes invalid without a client and those who read from it',
  (checker) => {
    const sessions = fc
      .oneof(
        smallRegisters([3, 3, 3], 2),
        smallRegisters([4, 5, 2], 1),
        lateArrivals,
        causalStore(3, 2, 15, true),
      )
      .map((small) => [...historyOfSmall(small)]);
    const concurrent = smallHistories({
      object: register,
      invocation: (pick, serial) =>
        pick % 2 === 0 ? { f: 'read', value: null } : { f: 'write', value: serial + 1 },
      lie: (f, value, lie) => ({ type: 'ok', value: f === 'read' ? 1 + (lie % 6) : value }),
    }).map((history) => [...history]);
    let telling = 0;
    for (const events of fc.sample(fc.oneof(sessions, concurrent), fuzz(1200, 5)))
      telling += expectStillValid(checker, events, REGISTERS);
    expect(telling).toBeGreaterThan(200);
  },
);

type Micro = readonly [f: string, key: string, value: unknown];

const TRANSACTIONS: Values = {
  written: ({ value }) =>
    (value as readonly Micro[]).flatMap(([f, key, value]) => (f === 'r' ? [] : [`${key} ${value}`])),
  read: ({ value, type }) =>
    type !== 'ok'
      ? []
      : (value as readonly Micro[])
          .filter(([f]) => f === 'r')
          .flatMap(([, key, value]) => [value ?? []].flat().map((each) => `${key} ${each}`)),
};

/**
 * Where reads of lists may contradict each other, which below read committed they may, the longest read says what the order
 * of its elements is: without that read it may be another.
 */
const MODELS = {
  'list-append': DEFINED_MODELS().filter(
    (model) => model === 'read-committed' || impliedBy(model).has('read-committed'),
  ),
  'rw-register': DEFINED_MODELS(),
};

const STORES: readonly Store[] = ['serial', 'snapshot', 'stale', 'chaos'];
const CASES = (['list-append', 'rw-register'] as const).flatMap((dialect) =>
  MODELS[dialect].map((model) => ({ dialect, model })),
);

test.each(CASES)(
  '$dialect, $model: no valid history becomes invalid without a client and those who read from it',
  ({ dialect, model }) => {
    const checker = dialect === 'list-append' ? listAppend({ model }) : rwRegister({ model });
    const histories = fc.oneof(...STORES.map((store) => smallHistory({ dialect, store, transactions: 6 })));
    let telling = 0;
    for (const events of fc.sample(histories, fuzz(300, 6)))
      telling += expectStillValid(checker, events, TRANSACTIONS);
    expect(telling).toBeGreaterThan(40);
  },
);
