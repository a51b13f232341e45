import { expect, test } from 'vitest';
import { type Anomaly, DEFAULT_BUDGET } from '../../../checkers/checker.ts';
import { type LinearizableOptions, linearizable } from '../../../checkers/linearizable/linearizable.ts';
import type { History } from '../../../histories/history.ts';
import { alone, type Event, events } from './events.ts';

function explain(history: History, options: LinearizableOptions = {}): Anomaly {
  const verdict = linearizable(options).check(history, { budget: DEFAULT_BUDGET });
  expect(verdict.valid).toBe(false);
  return verdict.anomalies[0]!;
}

test('a stale read is blamed together with the two writes', () => {
  const history = events(...alone(1, 'write', 5), ...alone(2, 'write', 7), ...alone(3, 'read', null, 5));
  const { kind, ops, message } = explain(history);
  expect(kind).toBe('stale-read');
  expect(ops.toSorted()).toEqual([1, 3, 5]);
  expect(message).toBe(
    "Process 1's write(5) (0 s to 1 ms) was over before process 2's write(7) (2 ms to 3 ms) began, so 5 came before 7. " +
      "But that one was over before process 3's read() = 5 (4 ms to 5 ms) began, which still found 5.",
  );
});

test('a read of the initial value after a write is blamed together with the write', () => {
  const history = events(...alone(1, 'write', 5), ...alone(2, 'read', null, null));
  expect(explain(history)).toMatchObject({ kind: 'stale-read', ops: expect.arrayContaining([1, 3]) });
});

test('two reads that disagree about the order of two writes are blamed together with the writes', () => {
  const history = events(
    [1, 'invoke', 'write', 5],
    [2, 'invoke', 'write', 7],
    ...alone(3, 'read', null, 5),
    ...alone(3, 'read', null, 7),
    ...alone(3, 'read', null, 5),
    [1, 'ok', 'write', 5],
    [2, 'ok', 'write', 7],
  );
  const { kind, ops } = explain(history);
  expect(kind).toBe('stale-read');
  expect(ops.toSorted()).toEqual([3, 5, 7, 8, 9]);
});

test('a value that nobody wrote is blamed on its read alone', () => {
  const history = events(...alone(1, 'write', 5), ...alone(2, 'read', null, 6));
  const { kind, ops, message } = explain(history);
  expect(kind).toBe('thin-air-read');
  expect(ops).toEqual([3]);
  expect(message).toContain('which nobody ever wrote');
});

test('a value whose write failed is blamed on the read and the failed write', () => {
  const history = events(
    [1, 'invoke', 'write', 5],
    [1, 'fail', 'write', 5, 'full'],
    ...alone(2, 'read', null, 5),
  );
  const { kind, ops } = explain(history);
  expect(kind).toBe('failed-write-read');
  expect(ops).toEqual([1, 3]);
});

test('a read that is over before its write begins is blamed on both', () => {
  const history = events(...alone(2, 'read', null, 5), ...alone(1, 'write', 5));
  expect(explain(history)).toMatchObject({ kind: 'future-read', ops: [1, 2] });
});

test('two compare-and-sets that replace the same value are blamed as a lost update', () => {
  const history = events(
    ...alone(1, 'write', 1),
    [1, 'invoke', 'cas', [1, 2]],
    [2, 'invoke', 'cas', [1, 3]],
    [1, 'ok', 'cas', [1, 2]],
    [2, 'ok', 'cas', [1, 3]],
  );
  expect(explain(history)).toMatchObject({ kind: 'lost-update', ops: [1, 4, 5] });
});

test('compare-and-sets that need each other first are blamed together', () => {
  const history = events(
    [1, 'invoke', 'cas', [1, 2]],
    [2, 'invoke', 'cas', [2, 1]],
    [1, 'ok', 'cas', [1, 2]],
    [2, 'ok', 'cas', [2, 1]],
  );
  const { kind, ops } = explain(history);
  expect(kind).toBe('cas-cycle');
  expect(ops.toSorted()).toEqual([1, 2]);
});

test('a compare-and-set refused though the value was as expected is blamed with what shows that', () => {
  const history = events(
    ...alone(1, 'write', 1),
    [2, 'invoke', 'cas', [1, 2]],
    [2, 'fail', 'cas', [1, 2], 'mismatch'],
    ...alone(1, 'read', null, 1),
  );
  const { kind, ops, message } = explain(history);
  expect(kind).toBe('false-mismatch');
  expect(ops).toEqual([1, 3, 5]);
  expect(message).toContain('was refused');
});

test('a compare-and-set that failed for another reason says nothing about the value', () => {
  const failed = (error?: string) => {
    const end: Event = error === undefined ? [2, 'fail', 'cas', [1, 2]] : [2, 'fail', 'cas', [1, 2], error];
    const history = events(
      ...alone(1, 'write', 1),
      [2, 'invoke', 'cas', [1, 2]],
      end,
      ...alone(1, 'read', null, 1),
    );
    return linearizable().check(history, { budget: DEFAULT_BUDGET }).valid;
  };
  expect([failed(), failed('timeout'), failed('not-leader'), failed('mismatch')]).toEqual([
    true,
    true,
    true,
    false,
  ]);
});

test('with values that come again, few operations are blamed, and the states that were possible named', () => {
  const noise = Array.from({ length: 20 }, (_, i) => [
    ...alone(4, 'write', i % 3),
    ...alone(5, 'read', null, i % 3),
  ]).flat();
  const history = events(
    ...noise,
    ...alone(1, 'write', 1),
    ...alone(2, 'write', 2),
    ...alone(3, 'read', null, 1),
  );
  const { kind, ops, message } = explain(history);
  expect(kind).toBe('nonlinearizable');
  expect(ops).toEqual([83, 85]);
  expect(message).toContain('the state could only be 2');
});

test('an element that overtakes another in a queue is blamed with it', () => {
  const history = events(
    ...alone(1, 'enqueue', 'a'),
    ...alone(1, 'enqueue', 'b'),
    ...alone(2, 'dequeue', null, 'b'),
    ...alone(2, 'dequeue', null, 'a'),
  );
  expect(explain(history, { model: 'queue' })).toMatchObject({ kind: 'wrong-order', ops: [1, 3, 5, 7] });
});

test('an element that comes out twice is blamed on both', () => {
  const history = events(
    ...alone(1, 'enqueue', 'a'),
    ...alone(2, 'dequeue', null, 'a'),
    ...alone(3, 'dequeue', null, 'a'),
  );
  expect(explain(history, { model: 'queue' })).toMatchObject({ kind: 'duplicate', ops: [1, 3, 5] });
});

test('a queue found empty though something was inside is blamed with what was inside', () => {
  const history = events(
    ...alone(1, 'enqueue', 'a'),
    ...alone(2, 'dequeue', null, null),
    ...alone(3, 'dequeue', null, 'a'),
  );
  expect(explain(history, { model: 'queue' })).toMatchObject({ kind: 'false-empty', ops: [3, 1, 5] });
});

test('elements that cross in a stack are blamed, and no others', () => {
  const history = events(
    ...alone(1, 'push', 'x'),
    ...alone(1, 'push', 'a'),
    ...alone(1, 'push', 'b'),
    ...alone(2, 'pop', null, 'a'),
    ...alone(2, 'pop', null, 'b'),
    ...alone(2, 'pop', null, 'x'),
  );
  const { kind, ops } = explain(history, { model: 'stack' });
  expect(kind).toBe('wrong-order');
  expect(ops.toSorted()).toEqual([3, 5, 7, 9].toSorted());
});

test('an element missed in a set is blamed with what put it there', () => {
  const history = events(...alone(1, 'add', 'a', true), ...alone(2, 'contains', 'a', false));
  expect(explain(history, { model: 'set' })).toMatchObject({ kind: 'lost', ops: [1, 3] });
});

test('two holders of a mutex are both blamed', () => {
  const history = events(
    ...alone(1, 'acquire', null),
    ...alone(1, 'release', null),
    ...alone(2, 'acquire', null),
    ...alone(3, 'acquire', null),
  );
  const { ops, message } = explain(history, { model: 'mutex' });
  expect(ops).toEqual([5, 7]);
  expect(message).toContain('the state could only be held');
});

test('of several violations the one that shows first is told', () => {
  const history = events(
    ...alone(1, 'write', 1),
    ...alone(1, 'write', 2),
    ...alone(2, 'read', null, 1),
    ...alone(1, 'write', 3),
    ...alone(2, 'read', null, 9),
  );
  expect(explain(history)).toMatchObject({ kind: 'stale-read', ops: [1, 3, 5] });
});
