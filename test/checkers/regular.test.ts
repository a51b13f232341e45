import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Operation, operationsOf } from '../../checkers/operations.ts';
import { regular } from '../../checkers/regular.ts';
import type { History } from '../../histories/history.ts';
import { fuzz } from './effort.ts';
import { smallHistories } from './linearizable/small-histories.ts';
import { blamed, check, type Told, tell } from './story.ts';

const judge = (...story: readonly Told[]) => {
  const history = tell(...story);
  const verdict = check(regular(), history);
  return { valid: verdict.valid, blamed: blamed(history, verdict), message: verdict.anomalies[0]?.message };
};

test('a read may return the last complete write, or one that overlaps it', () => {
  const during = { process: 1, f: 'write', argument: 2, from: 20, to: 60 };
  expect(
    judge(
      { process: 0, f: 'write', argument: 1, from: 0, to: 10 },
      during,
      { process: 2, f: 'read', result: 2, from: 30, to: 35 },
      // New before old: not linearizable, but regular.
      { process: 2, f: 'read', result: 1, from: 40, to: 45 },
    ),
  ).toMatchObject({ valid: true });
});

test('a read of a value that a complete write had replaced is stale', () => {
  const found = judge(
    { process: 0, f: 'write', argument: 1 },
    { process: 0, f: 'write', argument: 2 },
    { process: 1, f: 'read', result: 1 },
  );
  expect(found.blamed).toEqual(['stale-read: 0 write, 0 write, 1 read']);
  expect(found.message).toContain('returned a value that was replaced already: process 0');
});

test('of two writes at once either may be the last', () => {
  for (const result of [1, 2]) {
    const verdict = judge(
      { process: 0, f: 'write', argument: 1, from: 0, to: 10 },
      { process: 1, f: 'write', argument: 2, from: 5, to: 15 },
      { process: 2, f: 'read', result, from: 20, to: 25 },
    );
    expect(verdict.valid).toBe(true);
  }
});

test('what was deleted must not come back', () => {
  const found = judge(
    { process: 0, f: 'write', argument: 1 },
    { process: 0, f: 'delete' },
    { process: 1, f: 'read', result: null },
    { process: 1, f: 'read', result: 1 },
  );
  expect(found.blamed).toEqual(['stale-read: 0 write, 0 delete, 1 read']);
});

test('a write of unknown outcome may be seen at any later time, and need not be', () => {
  const maybe = { process: 0, f: 'write', argument: 2, outcome: 'info' } as const;
  const first = { process: 1, f: 'write', argument: 1 };
  expect(judge(first, maybe, { process: 1, f: 'read', result: 2 }).valid).toBe(true);
  expect(judge(first, maybe, { process: 1, f: 'read', result: 1 }).valid).toBe(true);
});

test('a value that nobody can have written comes from thin air', () => {
  const failed = { process: 0, f: 'write', argument: 2, outcome: 'fail' } as const;
  expect(judge(failed, { process: 1, f: 'read', result: 2 }).blamed).toEqual(['thin-air: 1 read']);
  expect(judge({ process: 1, f: 'read', result: 3 }, { process: 0, f: 'write', argument: 3 }).blamed).toEqual(
    ['thin-air: 0 write, 1 read'],
  );
});

test('nothing read is no proof', () => {
  const verdict = check(regular(), tell({ process: 0, f: 'write', argument: 1 }));
  expect(verdict).toMatchObject({ valid: true, vacuous: ['no read ever saw a value'] });
});

/** By the definition: some order of the writes that keeps real time, with the read in it after a write of its value. */
function isRegular(history: History): boolean {
  const ops = operationsOf(history);
  const writes = ops.filter((op) => op.f !== 'read' && op.outcome !== 'fail');
  const reads = ops.filter((op) => op.f === 'read' && op.outcome === 'ok');
  return reads.every((read) => someOrder([...writes, read], null, read));
}

/** Tries every order of what is left; writes of unknown outcome may be left out. */
function someOrder(left: readonly Operation[], value: unknown, read: Operation): boolean {
  return left.some((op) => {
    if (left.some((other) => other.end < op.begin)) return false;
    if (op === read) return (read.result ?? null) === value;
    return someOrder(
      left.filter((other) => other !== op),
      op.argument ?? null,
      read,
    );
  });
}

test('agrees with the definition on small histories', () => {
  const histories = smallHistories(
    {
      object: {
        init: null as unknown,
        apply: (state, f, value) => {
          if (f === 'read') return { state, type: 'ok', value: state };
          return { state: f === 'delete' ? null : value, type: 'ok', value };
        },
      },
      invocation: (pick, serial) => {
        if (pick % 2 === 0) return { f: 'read', value: null };
        if (pick % 7 === 0) return { f: 'delete', value: null };
        // Every few values one that was written before.
        return { f: 'write', value: pick % 5 === 0 ? 1 : serial + 1 };
      },
      lie: (f, value, lie) => ({ type: 'ok', value: f === 'read' ? [null, 1, 2, 3, 4][lie % 5] : value }),
    },
    7,
  );
  let wrong = 0;
  fc.assert(
    fc.property(histories, (history) => {
      const expected = isRegular(history);
      if (!expected) wrong++;
      expect(check(regular(), history).valid).toBe(expected);
    }),
    fuzz(2000, 1),
  );
  expect(wrong).toBeGreaterThan(200);
});
