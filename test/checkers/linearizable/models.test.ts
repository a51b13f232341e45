import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DEFAULT_BUDGET } from '../../../checkers/checker.ts';
import { type LinearizableOptions, linearizable } from '../../../checkers/linearizable/linearizable.ts';
import { semaphoreModel } from '../../../checkers/linearizable/models/lock.ts';
import { EFFORT, fuzz } from '../effort.ts';
import { isLinearizable } from './brute-force.ts';
import * as objects from './sequential-objects.ts';
import { type SmallHistories, smallHistories } from './small-histories.ts';

const RUNS = 3_000;

/** What to run on each kind of object, with few different values, so that they coincide. */
const SMALL_VALUES = 3;

function pickOf(pick: number, ...names: readonly string[]): string {
  return names[pick % names.length]!;
}

const uniqueRegister: SmallHistories<unknown> = {
  object: objects.register,
  invocation(pick, serial) {
    const f = pickOf(pick, 'read', 'write', 'cas');
    const from = Math.floor(pick / 3) % (serial + 1);
    const value = serial + 1;
    return { f, value: f === 'read' ? null : f === 'write' ? value : [from === 0 ? null : from, value] };
  },
  lie(f, value, lie) {
    if (f === 'read') return { type: 'ok', value: lie % 8 === 0 ? null : lie % 8 };
    return lie % 2 === 0 ? { type: 'ok', value } : { type: 'fail', value, error: 'mismatch' };
  },
};

const smallRegister: SmallHistories<unknown> = {
  ...uniqueRegister,
  invocation(pick) {
    const f = pickOf(pick, 'read', 'write', 'cas');
    const a = Math.floor(pick / 3) % SMALL_VALUES;
    const b = Math.floor(pick / 9) % SMALL_VALUES;
    return { f, value: f === 'read' ? null : f === 'write' ? a : [a, b] };
  },
};

const counter: SmallHistories<number> = {
  object: objects.counter,
  invocation: (pick) => (pick % 2 === 0 ? { f: 'read', value: null } : { f: 'add', value: 1 + (pick % 3) }),
  lie: (f, _, lie) => ({ type: 'ok', value: f === 'read' ? lie % 9 : null }),
};

const manyUnknown: SmallHistories<number> = {
  ...counter,
  completeness: 2,
  invocation: (pick) =>
    pick % 3 === 0 ? { f: 'read', value: null } : { f: 'add', value: [4, 1, 2, -1, 3][pick % 5] },
};

const set: SmallHistories<readonly number[]> = {
  object: objects.set,
  invocation: (pick) => ({ f: pickOf(pick, 'add', 'remove', 'contains'), value: Math.floor(pick / 3) % 2 }),
  lie: (_, __, lie) => ({ type: 'ok', value: lie % 2 === 0 }),
};

const setWithReads: SmallHistories<readonly number[]> = {
  object: objects.set,
  invocation: (pick) => ({ f: pickOf(pick, 'add', 'remove', 'read'), value: Math.floor(pick / 3) % 3 }),
  lie: (f, _, lie) => ({
    type: 'ok',
    value: f === 'read' ? [[], [0], [1], [0, 1], [0, 1, 2]][lie % 5] : lie % 2 === 0,
  }),
};

function container(
  object: typeof objects.queue,
  put: string,
  take: string,
  values: number,
): SmallHistories<readonly number[]> {
  return {
    object,
    invocation: (pick, serial) =>
      pick % 2 === 0
        ? { f: put, value: values === 0 ? serial : Math.floor(pick / 2) % values }
        : { f: take, value: null },
    lie: (f, value, lie) => ({
      type: 'ok',
      value: f === put ? value : lie % 5 === 0 ? null : lie % (values || 6),
    }),
  };
}

function lock(permits: number): SmallHistories<number> {
  return {
    object: objects.semaphore(permits),
    invocation: (pick) => ({ f: pickOf(pick, 'acquire', 'release'), value: null }),
    lie: () => ({ type: 'ok', value: null }),
  };
}

const keyValue: SmallHistories<string> = {
  object: objects.keyValue,
  invocation: (pick) => ({
    f: pickOf(pick, 'get', 'put', 'append'),
    value: pickOf(Math.floor(pick / 3), 'a', 'b'),
  }),
  lie: (f, value, lie) => ({
    type: 'ok',
    value: f === 'get' ? pickOf(lie, '', 'a', 'b', 'ab', 'ba') : value,
  }),
};

const differentPieces: SmallHistories<string> = {
  object: objects.keyValue,
  invocation: (pick, serial) => ({
    f: pickOf(pick, 'get', 'put', 'append', 'append'),
    value: 'abcdefgh'[serial % 8],
  }),
  lie: (f, value, lie) => ({
    type: 'ok',
    value: f === 'get' ? pickOf(lie, '', 'a', 'b', 'ab', 'ba', 'abc', 'ac', 'bc') : value,
  }),
};

const multiRegister: SmallHistories<Readonly<Record<string, unknown>>> = {
  object: objects.multiRegister,
  invocation(pick) {
    const first = [pickOf(pick, 'r', 'w'), 'x', Math.floor(pick / 4) % 2];
    const second = [pickOf(Math.floor(pick / 2), 'r', 'w'), 'y', Math.floor(pick / 8) % 2];
    return { f: 'txn', value: pick % 3 === 0 ? [first] : pick % 3 === 1 ? [second] : [first, second] };
  },
  lie: (_, value, lie) => ({
    type: 'ok',
    value: (value as [string, string, unknown][]).map(([action, name, v]) => [
      action,
      name,
      action === 'w' ? v : lie % 2,
    ]),
  }),
};

// biome-ignore lint/suspicious/noExplicitAny: each object has its own states
const cases: readonly [name: string, histories: SmallHistories<any>, options: LinearizableOptions][] = [
  ['registers whose values are written once', uniqueRegister, {}],
  ['registers whose values come again', smallRegister, {}],
  ['counters', counter, { model: 'counter' }],
  ['counters with many adds of unknown outcome', manyUnknown, { model: 'counter' }],
  ['sets asked for single elements', set, { model: 'set' }],
  ['sets read whole', setWithReads, { model: 'set' }],
  ['queues of different elements', container(objects.queue, 'enqueue', 'dequeue', 0), { model: 'queue' }],
  ['queues of equal elements', container(objects.queue, 'enqueue', 'dequeue', 2), { model: 'queue' }],
  ['stacks of different elements', container(objects.stack, 'push', 'pop', 0), { model: 'stack' }],
  ['stacks of equal elements', container(objects.stack, 'push', 'pop', 2), { model: 'stack' }],
  ['mutexes', lock(1), { model: 'mutex' }],
  ['semaphores', lock(2), { model: semaphoreModel(2) }],
  ['key-value stores', keyValue, { model: 'key-value' }],
  ['key-value stores with different pieces', differentPieces, { model: 'key-value' }],
  ['multi-registers', multiRegister, { model: 'multi-register' }],
];

for (const [name, histories, options] of cases) {
  test(`agrees with the definition on ${name}, right ones and wrong ones`, () => {
    const checker = linearizable(options);
    let valid = 0;
    fc.assert(
      fc.property(smallHistories(histories), (history) => {
        const expected = isLinearizable(history, histories.object);
        if (expected) valid++;
        expect(checker.check(history, { budget: DEFAULT_BUDGET }).valid).toBe(expected);
      }),
      fuzz(RUNS, 1),
    );
    expect(valid / (RUNS * EFFORT)).toBeGreaterThan(0.2);
    expect(valid / (RUNS * EFFORT)).toBeLessThan(0.9);
  });
}
