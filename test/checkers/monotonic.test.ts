import fc from 'fast-check';
import { expect, test } from 'vitest';
import { monotonic } from '../../checkers/monotonic.ts';
import { operationsOf } from '../../checkers/operations.ts';
import { fuzz } from './effort.ts';
import { blamed, check, type Told, tell } from './story.ts';

type Row = readonly [number: number, time: number];

const add = (process: number, number: number, time: number, more: Partial<Told> = {}): Told => ({
  process,
  f: 'add',
  result: [number, time],
  ...more,
});
const read = (process: number, ...rows: readonly Row[]): Told => ({ process, f: 'read', result: rows });

function judge(...story: readonly Told[]) {
  const history = tell(...story);
  const verdict = check(monotonic(), history);
  return { ...verdict, blamed: blamed(history, verdict), message: verdict.anomalies[0]?.message };
}

test('numbers that grow with their times are right, in whatever order they are read', () => {
  const found = judge(add(0, 1, 10), add(1, 2, 20), read(2, [2, 20], [1, 10]));
  expect(found).toMatchObject({ valid: true, vacuous: [], counts: { adds: 2, reads: 1 } });
});

test('a greater number with a lesser time is out of order', () => {
  const found = judge(add(0, 1, 30), add(1, 2, 20), read(2, [1, 30], [2, 20]));
  expect(found.blamed).toEqual(['time-order: 0 add, 1 add, 2 read']);
  expect(found.message).toContain('holds 1 with the time 30 and the greater 2 with the lesser time 20');
});

test('a number that stands twice in a read is a duplicate', () => {
  expect(judge(add(0, 1, 10), add(1, 1, 20), read(2, [1, 10], [1, 20])).blamed).toEqual([
    'duplicate: 2 read',
  ]);
});

test('a process whose numbers do not grow has read an old state', () => {
  const found = judge(add(0, 2, 10), add(0, 1, 5), read(1, [2, 10], [1, 5]));
  expect(found.blamed).toEqual(['session-order: 0 add, 0 add']);
});

test('an acknowledged number that the last read lacks is lost', () => {
  expect(judge(add(0, 1, 10), add(1, 2, 20), read(2), read(2, [2, 20])).blamed).toEqual([
    'lost: 0 add, 2 read',
  ]);
  expect(judge(add(0, 1, 10), add(1, 2, 20), read(2), read(2, [2, 20], [1, 10])).valid).toBe(true);
});

test('what can not be understood is refused by name, and nothing done is no proof', () => {
  expect(() => judge({ process: 0, f: 'add', result: 7 })).toThrow(
    'event 1 (add): the value must be [number, time]',
  );
  expect(() => judge({ process: 0, f: 'read', result: [7] })).toThrow(
    'event 1 (read): the value must be an array of',
  );
  expect(judge().vacuous).toHaveLength(2);
});

const steps = fc.array(
  fc.record({
    process: fc.nat(2),
    number: fc.nat(3),
    time: fc.nat(3),
    rows: fc.array(fc.tuple(fc.nat(3), fc.nat(3)), { maxLength: 3 }),
    reads: fc.boolean(),
  }),
  { maxLength: 5 },
);

test('agrees with the definitions on small histories', () => {
  const seen = new Map<string, number>();
  fc.assert(
    fc.property(steps, (all) => {
      const story = all.map(({ process, number, time, rows, reads }) =>
        reads ? read(process, ...rows) : add(process, number, time),
      );
      const history = tell(...story);
      const ops = operationsOf(history);
      const adds = ops.filter((op) => op.f === 'add').map((op) => ({ op, number: (op.result as Row)[0] }));
      const reads = ops.filter((op) => op.f === 'read').map((op) => ({ op, rows: op.result as Row[] }));
      const twoRows = (bad: (a: Row, b: Row) => boolean) =>
        reads.some(({ rows }) => rows.some((a, i) => rows.some((b, j) => i !== j && bad(a, b))));
      const last = reads.at(-1);
      const expected = [];
      if (twoRows(([a], [b]) => a === b)) expected.push('duplicate');
      if (
        adds.some(
          ({ op, number }) => last && op.end < last.op.begin && !last.rows.some(([n]) => n === number),
        )
      )
        expected.push('lost');
      const regressed = adds.some((a) =>
        adds.some((b) => a.op.process === b.op.process && a.op.end < b.op.begin && a.number >= b.number),
      );
      if (regressed) expected.push('session-order');
      if (twoRows(([a, from], [b, to]) => a < b && from > to)) expected.push('time-order');
      const kinds = new Set(check(monotonic(), history).anomalies.map(({ kind }) => kind));
      expect([...kinds].sort()).toEqual(expected);
      for (const kind of expected.length === 0 ? ['none'] : expected)
        seen.set(kind, (seen.get(kind) ?? 0) + 1);
    }),
    fuzz(2000, 1),
  );
  for (const kind of ['none', 'duplicate', 'lost', 'session-order', 'time-order'])
    expect(seen.get(kind) ?? 0, kind).toBeGreaterThan(50);
});

test('one swapped time, lost or repeated number in a right run is found, and blamed', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 30 }), fc.nat(), (n, pick) => {
      const rows = Array.from({ length: n }, (_, i): Row => [i, 10 * i]);
      const adds = rows.map(([number, time]) => add(number, number, time));
      expect(judge(...adds, read(99, ...rows)).valid).toBe(true);
      const victim = pick % (n - 1);
      const time = (number: number) =>
        number === victim ? 10 * (victim + 1) : 10 * (number === victim + 1 ? victim : number);
      const swapped = rows.map(([number]): Row => [number, time(number)]);
      expect(judge(...adds, read(99, ...swapped)).blamed).toEqual([
        `time-order: ${victim} add, ${victim + 1} add, 99 read`,
      ]);
      const without = rows.filter(([number]) => number !== victim);
      expect(judge(...adds, read(99, ...without)).blamed).toEqual([`lost: ${victim} add, 99 read`]);
      expect(judge(...adds, read(99, ...rows, rows[victim]!)).blamed).toEqual(['duplicate: 99 read']);
    }),
    fuzz(100, 1),
  );
});
