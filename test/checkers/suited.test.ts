import { expect, test } from 'vitest';
import { suitedModel, suitedTo, vocabularyOf } from '../../checkers/suited.ts';
import { historyOf } from '../../histories/builder.ts';
import { type Told, tell } from './story.ts';

/** An operation of a function with what it was asked for and answered with. */
const op = (f: string, argument: unknown = null, result: unknown = argument): Told => ({
  process: 0,
  f,
  argument,
  result,
});

const txn = (...micros: readonly unknown[][]) => op('txn', micros);

test.each<[string, readonly Told[], string[]]>([
  ['registers', [op('read'), op('write', 1), op('cas', [1, 2])], ['linearizable']],
  ['registers that hold lists', [op('write', [1, 2]), op('read', null, [1, 2])], ['linearizable']],
  ['a table', [op('write', 1), op('read', null, [1])], ['causal-reverse']],
  ['a set', [op('add', 1), op('read', null, [1])], ['set-full']],
  ['a set that nobody could read', [op('add', 1), op('read')], ['set-full']],
  ['a counter', [op('add', 1), op('read', null, 1)], ['counter']],
  ['numbers with times', [op('add', null, [1, 99]), op('read', null, [[1, 99]])], ['monotonic']],
  ['a queue', [op('enqueue', 1), op('dequeue', null, 1)], ['linearizable', 'total-queue']],
  ['a queue that is drained', [op('enqueue', 1), op('drain', null, [1])], ['total-queue']],
  ['a stack', [op('push', 1), op('pop', null, 1)], ['linearizable']],
  ['a lock', [op('acquire'), op('release')], ['lock']],
  ['a lock that guards', [op('acquire', null, 1), op('write', { token: 1 })], ['lock-fencing']],
  ['accounts', [op('transfer', { from: 0, to: 1, amount: 1 }), op('read', null, { 0: 1 })], ['bank']],
  ['ids', [op('generate', null, 7)], ['unique-ids']],
  ['decisions', [op('propose', 1)], ['consensus']],
  ['a set that forgets', [op('add', 1), op('remove', 1), op('contains', 1, true)], ['linearizable']],
  ['keys and values', [op('put', 'a'), op('append', 'b'), op('get', null, 'ab')], ['linearizable']],
  ['lists', [txn(['append', 'x', 1], ['r', 'x', null])], ['list-append']],
  ['registers in transactions', [txn(['w', 'x', 1]), txn(['r', 'x', 1])], ['rw-register']],
  ['registers under one roof', [txn(['write', 'x', 1]), txn(['read', 'x', 1])], ['linearizable']],
  ['logs in transactions', [txn(['send', 'k', [0, 1]]), txn(['poll', { k: [[0, 1]] }])], ['kafka']],
  ['logs', [op('assign', ['k']), op('send', [['send', 'k', [0, 1]]])], ['kafka']],
])('%s', (_, story, names) => {
  expect(suitedTo(tell(...story))?.checkers.map(({ name }) => name)).toEqual(names);
});

test('faults say nothing of what clients do, and an unknown function nothing of who could judge it', () => {
  const cut: Told = { process: 'nemesis', f: 'network/cut' };
  expect(suitedTo(tell(cut, op('read'), op('write', 1)))?.what).toBe('registers');
  expect(suitedTo(tell(op('read'), op('fly')))).toBeUndefined();
  expect(suitedTo(historyOf([]))).toBeUndefined();
});

test('the model of linearizability follows from the functions', () => {
  const model = (...story: readonly Told[]) => suitedModel(vocabularyOf(tell(...story)));
  expect(model(op('acquire'), op('release'))).toBe('mutex');
  expect(model(op('add', 1), op('read', null, [1]))).toBe('set');
  expect(model(op('add', 1), op('read', null, 1))).toBe('counter');
  expect(model(txn(['w', 'x', 1]))).toBe('multi-register');
  expect(model(txn(['append', 'x', 1]))).toBeUndefined();
});
