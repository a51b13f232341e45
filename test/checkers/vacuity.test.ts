import { describe, expect, test } from 'vitest';
import { vacuity } from '../../checkers/vacuity.ts';
import { historyOf } from '../../histories/builder.ts';
import type { History } from '../../histories/history.ts';
import { check, type Told, tell } from './story.ts';

function warnings(history: History): readonly string[] {
  const verdict = check(vacuity(), history);
  expect(verdict).toMatchObject({ valid: true, anomalies: [], counts: { warnings: verdict.vacuous.length } });
  return verdict.vacuous;
}

const told = (...operations: readonly Told[]): readonly string[] => warnings(tell(...operations));

/** A run that has everything: each test takes one thing away. */
const write: Told = { process: 0, f: 'write', argument: 1, key: 'x', from: 0 };
const read: Told = { process: 1, f: 'read', result: 1, key: 'x', from: 20 };
const cut: Told = { process: 'nemesis', f: 'network/cut', argument: { grudge: {} }, from: 30 };
const during: Told = { process: 0, f: 'write', argument: 2, key: 'x', from: 40 };
const heal: Told = { process: 'nemesis', f: 'heal', from: 50 };
const finalRead: Told = { process: 1, f: 'read', result: 2, key: 'x', from: 60 };

test('a run that read, succeeded, felt its faults and read at the end is not vacuous', () => {
  expect(told(write, read, cut, during, heal, finalRead)).toEqual([]);
});

test('a run without operations is vacuous', () => {
  expect(warnings(historyOf([]))).toEqual(['no client performed an operation']);
  expect(told({ process: 'nemesis', f: 'heal' })).toEqual(['no client performed an operation']);
});

test('a function that never succeeded is named', () => {
  const failed: Told = { process: 2, f: 'cas', argument: [1, 2], key: 'x', from: 10, outcome: 'fail' };
  expect(told(write, read, failed, { ...failed, from: 20, outcome: 'none' })).toEqual([
    'no cas ever succeeded',
  ]);
  expect(told(write, read, failed, { ...failed, from: 20, outcome: 'ok' })).toEqual([]);
});

describe('reads that never saw a value', () => {
  test.each([null, [], {}, ''])('such as %j', (nothing) => {
    const blind: Told = { ...read, result: nothing, ...(nothing === null ? { argument: null } : {}) };
    expect(told(write, blind)).toEqual(['no read ever saw a value']);
    expect(told(write, blind, { ...read, from: 30, result: 0 })).toEqual([]);
  });

  test('are found in transactions too', () => {
    const txn = (value: unknown, from: number): Told => ({ process: 0, f: 'txn', argument: value, from });
    const blind = txn(
      [
        ['append', 'x', 1],
        ['r', 'y', []],
      ],
      0,
    );
    expect(told(blind)).toEqual(['no read ever saw a value']);
    expect(told(blind, txn([['r', 'x', [1]]], 10))).toEqual([]);
  });

  test('are not missed where there are no reads, or none succeeded', () => {
    expect(told(write)).toEqual([]);
    expect(told(write, { ...read, outcome: 'fail' })).toEqual(['no read ever succeeded']);
  });
});

describe('a fault that nothing felt', () => {
  const unfelt = 'no operation was under way during any network/cut';

  test('is named when operations ended before and began after', () => {
    expect(told(write, read, cut, heal, finalRead)).toEqual([unfelt]);
  });

  test('is felt by an operation that began before and ended within, or after', () => {
    for (const to of [35, 70])
      expect(told(write, { ...read, to }, cut, heal, { ...finalRead, from: 80 })).toEqual([]);
  });

  test('is felt by an operation that was never answered', () => {
    expect(told(write, { ...write, process: 3, from: 25, outcome: 'none' }, cut, heal, finalRead)).toEqual(
      [],
    );
  });

  test('is named though another kind was felt, and not when one of its kind was', () => {
    const kill: Told = { process: 'nemesis', f: 'process/kill', argument: { node: 'n1' }, from: 70 };
    expect(told(write, read, cut, during, heal, finalRead, kill)).toEqual([
      'no operation was under way during any process/kill',
    ]);
    expect(told(write, read, cut, during, heal, finalRead, { ...cut, from: 70 })).toEqual([]);
  });

  test('is named with the reason when the world refused it', () => {
    const common = { process: 'nemesis', f: 'clock/step', value: { node: 'n1', by: 1 } } as const;
    const refused = [
      { ...common, time: 40_000_000, type: 'invoke' },
      { ...common, time: 41_000_000, type: 'info', error: 'no clocks here' },
    ] as const;
    expect(warnings(historyOf([...tell(write, read), ...refused]))).toEqual([
      'clock/step never took effect: no clocks here',
    ]);
  });
});

describe('final reads', () => {
  test('are missed when none succeeded after the last repair', () => {
    const missing = ['no read succeeded after the last repair'];
    expect(told(write, read, cut, during, heal)).toEqual(missing);
    expect(told(write, read, cut, during, heal, { ...finalRead, outcome: 'info' })).toEqual(missing);
    expect(told(write, read, cut, during, { ...finalRead, from: 49, to: 70 }, heal)).toEqual(missing);
  });

  test('are missed for the keys that were changed and not read', () => {
    const other: Told = { ...write, key: 'y', from: 45 };
    expect(told(write, read, cut, during, other, heal, finalRead)).toEqual([
      '1 of 2 keys had no successful read after the last repair',
    ]);
    expect(told(write, read, cut, during, { ...other, outcome: 'fail' }, heal, finalRead)).toEqual([]);
  });

  test('of transactions count for each key that they read', () => {
    const append: Told = {
      process: 0,
      f: 'txn',
      argument: [
        ['append', 'x', 1],
        ['append', 'y', 2],
      ],
      from: 0,
    };
    const final = (...micros: unknown[]): Told => ({ process: 1, f: 'txn', argument: micros, from: 60 });
    expect(told(append, heal, final(['r', 'x', [1]]))).toEqual([
      '1 of 2 keys had no successful read after the last repair',
    ]);
    expect(told(append, heal, final(['r', 'x', [1]], ['r', 'y', [2]]))).toEqual([]);
  });

  test('are not asked of a history that was never healed, or never read', () => {
    expect(told(write, read)).toEqual([]);
    expect(told(write, { ...heal, from: 10 })).toEqual([]);
  });
});
