import fc from 'fast-check';
import { expect, test } from 'vitest';
import { counter } from '../../checkers/counter.ts';
import { operationsOf } from '../../checkers/operations.ts';
import type { History } from '../../histories/history.ts';
import { fuzz } from './effort.ts';
import { blamed, check, type Told, tell } from './story.ts';

const add = (process: number, delta: number, more: Partial<Told> = {}): Told => ({
  process,
  f: 'add',
  argument: delta,
  ...more,
});
const read = (process: number, sum: number, more: Partial<Told> = {}): Told => ({
  process,
  f: 'read',
  result: sum,
  ...more,
});

test('reads within the bounds are right', () => {
  const history = tell(
    add(0, 5),
    read(1, 5),
    add(2, 3, { outcome: 'info' }),
    read(1, 5),
    read(1, 8),
    add(3, -2, { from: 60, to: 100 }),
    read(1, 3, { from: 70, to: 80 }),
  );
  expect(check(counter(), history)).toMatchObject({
    valid: true,
    vacuous: [],
    counts: { reads: 4, adds: 3 },
  });
});

test('a read that misses an acknowledged add is too low, and says which it should have seen', () => {
  const history = tell(add(0, 5), add(1, 1), read(2, 5));
  const verdict = check(counter(), history);
  expect(blamed(history, verdict)).toEqual(['out-of-bounds: 0 add, 1 add, 2 read']);
  expect(verdict.anomalies[0]!.message).toContain('should have been exactly 6');
});

test('a read that counts a failed add, a later one, or one twice is too high', () => {
  for (const story of [
    [add(0, 5), add(1, 1, { outcome: 'fail' }), read(2, 6)],
    [add(0, 5), read(2, 6), add(1, 1)],
    [add(0, 5), read(2, 10)],
  ]) {
    const history = tell(...story);
    expect(blamed(history, check(counter(), history))).toEqual(['out-of-bounds: 2 read']);
  }
});

/** Every sum that some choice of the uncertain adds gives, literally. */
function possibleSums(history: History, read: { begin: number; end: number }): number[] {
  let sums = [0];
  for (const op of operationsOf(history)) {
    if (op.f !== 'add' || op.outcome === 'fail' || op.begin > read.end) continue;
    const delta = op.argument as number;
    sums =
      op.outcome === 'ok' && op.end < read.begin
        ? sums.map((s) => s + delta)
        : sums.flatMap((s) => [s, s + delta]);
  }
  return sums;
}

test('a value is out of bounds exactly if it is beyond every possible sum', () => {
  const told = fc.record({
    add: fc.boolean(),
    delta: fc.integer({ min: -3, max: 3 }),
    from: fc.nat(60),
    lasts: fc.integer({ min: 1, max: 30 }),
    outcome: fc.constantFrom('ok', 'ok', 'info', 'fail'),
  });
  let wrong = 0;
  fc.assert(
    fc.property(fc.array(told, { minLength: 1, maxLength: 8 }), (stories) => {
      const history = tell(
        ...stories.map(({ add: adds, delta, from, lasts, outcome }, process): Told => {
          const when = { from, to: from + lasts };
          return adds
            ? add(process, delta, { ...when, outcome: outcome as 'ok' })
            : read(process, delta, when);
        }),
      );
      const verdict = check(counter(), history);
      for (const op of operationsOf(history)) {
        if (op.f !== 'read') continue;
        const sums = possibleSums(history, op);
        const value = op.result as number;
        const out = value < Math.min(...sums) || value > Math.max(...sums);
        if (out) wrong++;
        expect(verdict.anomalies.some(({ ops }) => ops.includes(op.event))).toBe(out);
      }
    }),
    fuzz(1000, 1),
  );
  expect(wrong).toBeGreaterThan(100);
});

test('counters of different keys are apart', () => {
  const history = tell(add(0, 1, { key: 'a' }), read(1, 1, { key: 'b' }));
  expect(check(counter(), history).anomalies.map(({ key }) => key)).toEqual(['b']);
});

test('nothing added or nothing read is vacuous; a value that is no number is refused by name', () => {
  expect(check(counter(), tell(add(0, 1))).vacuous).toEqual(['no read ever succeeded']);
  expect(check(counter(), tell(read(0, 0))).vacuous).toEqual(['nothing was ever added']);
  const history = tell({ process: 0, f: 'read', result: 'many' });
  expect(() => check(counter(), history)).toThrow('event 1 (read): the value must be a number, not "many"');
});
