import fc from 'fast-check';
import { expect, test } from 'vitest';
import { longFork } from '../../checkers/long-fork.ts';
import { EFFORT, fuzz } from './effort.ts';
import { blamed, check, type Told, tell } from './story.ts';

const write = (process: number, key: string, more: Partial<Told> = {}): Told => ({
  process,
  f: 'txn',
  argument: [['w', key, 1]],
  ...more,
});
/** A read of these keys; those in capitals were seen written. */
const read = (process: number, keys: string, more: Partial<Told> = {}): Told => ({
  process,
  f: 'txn',
  argument: [...keys].map((key) => ['r', key.toLowerCase(), null]),
  result: [...keys].map((key) => ['r', key.toLowerCase(), key === key.toLowerCase() ? null : 1]),
  ...more,
});

function judge(...story: readonly Told[]) {
  const history = tell(...story);
  const verdict = check(longFork(), history);
  return { ...verdict, blamed: blamed(history, verdict), message: verdict.anomalies[0]?.message };
}

test('reads that agree which write came first are right', () => {
  const story = [write(0, 'x'), read(2, 'Xy'), write(1, 'y'), read(3, 'XY'), read(4, 'xy')];
  expect(judge(...story)).toMatchObject({ valid: true, vacuous: [], counts: { reads: 3, writes: 2 } });
});

test('two reads that see two writes in opposite orders are a long fork', () => {
  const found = judge(write(0, 'x'), write(1, 'y'), read(2, 'Xy'), read(3, 'xY'), read(4, 'xY'));
  expect(found.blamed).toEqual(['long-fork: 1 txn, 0 txn, 2 txn, 3 txn']);
  expect(found.message).toContain('no order of the two writes explains both');
});

test('reads that were not answered tell nothing', () => {
  const unknown = read(2, 'Xy', { outcome: 'info' });
  expect(judge(write(0, 'x'), write(1, 'y'), unknown, read(3, 'xY')).valid).toBe(true);
});

test('a transaction may see its own write before others do', () => {
  const both = (process: number, own: string, other: string): Told => ({
    process,
    f: 'txn',
    argument: [
      ['w', own, 1],
      ['r', own, null],
      ['r', other, null],
    ],
    result: [
      ['w', own, 1],
      ['r', own, 1],
      ['r', other, null],
    ],
  });
  expect(judge(both(0, 'x', 'y'), both(1, 'y', 'x')).valid).toBe(true);
});

test('a key that is written twice, or a value that is no transaction, is refused by name', () => {
  expect(() => judge(write(0, 'x'), write(1, 'x'))).toThrow('events 0 and 2 (txn): both write key "x"');
  expect(judge(write(0, 'x', { outcome: 'fail' }), write(1, 'x')).valid).toBe(true);
  expect(() => judge({ process: 0, f: 'txn', argument: 7 })).toThrow(
    'event 0 (txn): the value must be an array',
  );
});

test('a pass in which no read fell between two writes is vacuous', () => {
  expect(judge(write(0, 'x'), read(1, 'X')).vacuous).toHaveLength(1);
});

test('agrees with the definition on small histories', () => {
  const keys = ['a', 'b', 'c'];
  const views = fc.array(fc.constantFrom('lower', 'upper', 'absent'), { minLength: 3, maxLength: 3 });
  let forked = 0;
  fc.assert(
    fc.property(fc.array(views, { maxLength: 6 }), (reads) => {
      const saw = (view: readonly string[], a: number, b: number) =>
        view[a] === 'upper' && view[b] === 'lower';
      const expected = reads.some((p) =>
        reads.some((q) => [0, 1, 2].some((a) => [0, 1, 2].some((b) => saw(p, a, b) && saw(q, b, a)))),
      );
      if (expected) forked++;
      const texts = reads.map((view) =>
        keys.map((key, i) => ({ lower: key, upper: key.toUpperCase(), absent: '' })[view[i]!]).join(''),
      );
      const story = [...keys.map((key, i) => write(i, key)), ...texts.map((text, i) => read(10 + i, text))];
      expect(judge(...story).valid).toBe(!expected);
    }),
    fuzz(1000, 1),
  );
  expect(forked).toBeGreaterThan(100);
  expect(forked).toBeLessThan(900 * EFFORT);
});

test('one read that sees two writes the other way round is found in a right run, and blamed', () => {
  const runs = fc.record({ n: fc.integer({ min: 2, max: 12 }), pick: fc.nat() });
  fc.assert(
    fc.property(runs, ({ n, pick }) => {
      const keys = 'abcdefghijkl'.slice(0, n);
      const view = (written: number) => keys.slice(0, written).toUpperCase() + keys.slice(written);
      const right = [...keys].flatMap((key, i) => [write(i, key), read(20 + i, view(i + 1))]);
      expect(judge(...right).valid).toBe(true);
      const at = 1 + (pick % (n - 1));
      const swapped =
        view(at - 1).slice(0, at - 1) + keys[at - 1] + keys[at]!.toUpperCase() + keys.slice(at + 1);
      const found = judge(...right, read(99, swapped));
      expect(found.blamed).toEqual([`long-fork: ${at} txn, ${at - 1} txn, ${19 + at} txn, 99 txn`]);
    }),
    fuzz(100, 1),
  );
});
