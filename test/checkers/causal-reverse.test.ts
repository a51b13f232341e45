import fc from 'fast-check';
import { expect, test } from 'vitest';
import { causalReverse } from '../../checkers/causal-reverse.ts';
import { operationsOf } from '../../checkers/operations.ts';
import { fuzz } from './effort.ts';
import { blamed, check, type Told, tell } from './story.ts';

const write = (process: number, value: unknown, more: Partial<Told> = {}): Told => ({
  process,
  f: 'write',
  argument: value,
  ...more,
});
const read = (process: number, values: unknown, more: Partial<Told> = {}): Told => ({
  process,
  f: 'read',
  result: values,
  ...more,
});

function judge(...story: readonly Told[]) {
  const history = tell(...story);
  const verdict = check(causalReverse(), history);
  return { ...verdict, blamed: blamed(history, verdict), message: verdict.anomalies[0]?.message };
}

test('reads that show each write with all that were acknowledged before it are right, even stale ones', () => {
  const story = [write(0, 1), write(1, 2), read(2, null), read(2, [1]), read(2, [1, 2])];
  expect(judge(...story)).toMatchObject({ valid: true, vacuous: [], counts: { reads: 3, writes: 2 } });
});

test('a read that shows a later write without an earlier one is a causal reverse', () => {
  const found = judge(write(0, 1), write(1, 2), read(2, [2]));
  expect(found.blamed).toEqual(['causal-reverse: 0 write, 1 write, 2 read']);
  expect(found.message).toContain('holds 2 and not 1');
});

test('writes at the same time, or of unknown outcome, may show one without the other', () => {
  expect(judge(write(0, 1, { from: 0, to: 20 }), write(1, 2), read(2, [2], { from: 30 })).valid).toBe(true);
  expect(judge(write(0, 1, { outcome: 'info' }), write(1, 2), read(2, [2])).valid).toBe(true);
  expect(judge(write(0, 1), write(1, 2, { outcome: 'info' }), read(2, [2])).valid).toBe(false);
});

test('tables of different keys are apart', () => {
  expect(judge(write(0, 1, { key: 'a' }), write(1, 2, { key: 'b' }), read(2, [2], { key: 'b' })).valid).toBe(
    true,
  );
});

test('a read that is not an array is refused by name, and nothing to read or write is no proof', () => {
  expect(() => judge(read(0, 7))).toThrow('event 1 (read): the value must be an array of what was written');
  expect(judge().vacuous).toEqual(['fewer than two writes', 'no read succeeded']);
});

const steps = fc.array(
  fc.record({
    from: fc.nat(40),
    takes: fc.integer({ min: 1, max: 25 }),
    outcome: fc.constantFrom('ok' as const, 'ok' as const, 'ok' as const, 'info' as const, 'fail' as const),
    holds: fc.option(fc.subarray([0, 1, 2, 3, 4, 5]), { freq: 2 }),
  }),
  { maxLength: 6 },
);

test('agrees with the definition on small histories', () => {
  let wrong = 0;
  fc.assert(
    fc.property(steps, (all) => {
      const story = all.map(({ from, takes, outcome, holds }, i) => {
        const span = { from, to: from + takes, outcome };
        return holds === null ? write(i, i, span) : read(i, holds, span);
      });
      const history = tell(...story);
      const ops = operationsOf(history);
      const writes = ops.filter((op) => op.f === 'write' && op.outcome !== 'fail');
      const reads = ops.filter((op) => op.f === 'read' && op.outcome === 'ok');
      const reversed = reads.some((each) =>
        writes.some((a) =>
          writes.some((b) => {
            const holds = (value: unknown) => (each.result as unknown[]).includes(value);
            return a.outcome === 'ok' && a.end < b.begin && !holds(a.argument) && holds(b.argument);
          }),
        ),
      );
      if (reversed) wrong++;
      expect(check(causalReverse(), history).valid).toBe(!reversed);
    }),
    fuzz(2000, 1),
  );
  expect(wrong).toBeGreaterThan(50);
});

test('one write that a read of a right run lacks is found, and blamed', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 30 }), fc.nat(), (n, pick) => {
      const values = Array.from({ length: n }, (_, i) => i);
      const right = values.flatMap((i) => [write(i, i), read(100 + i, values.slice(0, i + 1))]);
      expect(judge(...right).valid).toBe(true);
      const victim = pick % (n - 1);
      const lacking = read(
        999,
        values.filter((i) => i !== victim),
      );
      expect(judge(...right, lacking).blamed).toEqual([
        `causal-reverse: ${victim} write, ${n - 1} write, 999 read`,
      ]);
    }),
    fuzz(100, 1),
  );
});
