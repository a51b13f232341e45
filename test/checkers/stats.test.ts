import { expect, test } from 'vitest';
import { stats } from '../../checkers/stats.ts';
import { check, tell } from './story.ts';

test('operations are counted by function and outcome, without the nemesis', () => {
  const verdict = check(
    stats(),
    tell(
      { process: 0, f: 'write', argument: 1 },
      { process: 1, f: 'write', argument: 2, outcome: 'fail' },
      { process: 2, f: 'write', argument: 3, outcome: 'none' },
      { process: 'nemesis', f: 'heal' },
      { process: 0, f: 'read', result: 1 },
    ),
  );
  expect(verdict.valid).toBe(true);
  expect(verdict.counts).toMatchObject({
    ok: 2,
    fail: 1,
    info: 1,
    'write ok': 1,
    'write info': 1,
    'read ok': 1,
  });
  expect(verdict.vacuous).toEqual([]);
});

test('a pass is vacuous when a function never succeeded', () => {
  const verdict = check(stats(), tell({ process: 0, f: 'cas', argument: [1, 2], outcome: 'fail' }));
  expect(verdict.vacuous).toEqual(['no cas ever succeeded']);
});

test('a pass is vacuous when every read saw nothing', () => {
  const blind = tell({ process: 0, f: 'read', result: null }, { process: 0, f: 'read', result: [] });
  expect(check(stats(), blind).vacuous).toEqual(['no read ever saw a value']);
  const txn = (value: unknown) =>
    tell({ process: 0, f: 'txn', argument: [['r', 'x', null]], result: [['r', 'x', value]] });
  expect(check(stats(), txn(null)).vacuous).toEqual(['no read ever saw a value']);
  expect(check(stats(), txn([1])).vacuous).toEqual([]);
});

test('a history without operations is vacuous', () => {
  expect(check(stats(), tell()).vacuous).toEqual(['no client performed an operation']);
});
