import { expect, test } from 'vitest';
import { type Performance, performance } from '../../checkers/performance.ts';
import { historyOf } from '../../histories/builder.ts';
import type { History } from '../../histories/history.ts';
import { check, type Told, tell } from './story.ts';

const MS = 1_000_000;

function measure(history: History): Performance {
  const verdict = check(performance(), history);
  expect(verdict).toMatchObject({ checker: 'performance', valid: true, anomalies: [], vacuous: [] });
  return verdict.details as unknown as Performance;
}

const nemesis = (f: string, argument: unknown, from: number): Told => ({
  process: 'nemesis',
  f,
  argument,
  from,
  to: from + 1,
});

const cutAndHealed = [
  nemesis('network/cut', { grudge: { n1: ['n2'] }, mode: 'drop' }, 1000),
  nemesis('heal', null, 1999),
];

test('latencies and rates are told by function and outcome', () => {
  const reads = Array.from(
    { length: 100 },
    (_, i): Told => ({ process: 0, f: 'read', from: i * 10, to: i * 10 + (i === 7 ? 9 : 2) }),
  );
  const { latency, rate, duration } = measure(
    tell(
      ...reads,
      { process: 1, f: 'write', from: 0, to: 2000, outcome: 'info' },
      { process: 2, f: 'write', from: 0, outcome: 'none' },
    ),
  );
  expect(duration).toBe(2000 * MS);
  expect(latency.read).toEqual({
    ok: { median: 2 * MS, p95: 2 * MS, p99: 9 * MS, max: 9 * MS },
    fail: null,
    info: null,
  });
  expect(latency.write!.info).toMatchObject({ max: 2000 * MS });
  expect(rate).toEqual({ read: { ok: 50, fail: 0, info: 0 }, write: { ok: 0, fail: 0, info: 1 } });
});

test('availability is told by second, an operation counting where it began', () => {
  const { timeline, duration } = measure(
    tell(
      { process: 0, f: 'read', from: 500 },
      { process: 1, f: 'read', from: 900, to: 3100 },
      { process: 2, f: 'read', from: 1600, outcome: 'fail' },
      { process: 3, f: 'read', from: 1700, outcome: 'none' },
    ),
  );
  expect(duration).toBe(2600 * MS);
  expect(timeline).toEqual({
    begin: 500 * MS,
    width: 1000 * MS,
    ok: [2, 0, 0],
    fail: [0, 1, 0],
    info: [0, 1, 0],
  });
});

test('a run of days is told in wider intervals', () => {
  const day = 86_400_000;
  const { timeline } = measure(
    tell({ process: 0, f: 'read', from: 0 }, { process: 0, f: 'read', from: 3 * day }),
  );
  expect(timeline.width).toBe(26_000 * MS);
  expect(timeline.ok.length).toBeLessThanOrEqual(10_000);
  expect(timeline.ok.at(-1)).toBe(1);
});

test('phases tell what each fault cost', () => {
  const { phases } = measure(
    tell(
      { process: 0, f: 'read', from: 0 },
      ...cutAndHealed,
      { process: 0, f: 'read', from: 1100, to: 1400 },
      { process: 1, f: 'read', from: 1200, outcome: 'info' },
      { process: 1, f: 'read', from: 1300, outcome: 'fail' },
      { process: 1, f: 'read', from: 1400, outcome: 'none' },
      { process: 0, f: 'read', from: 2500, to: 3000 },
    ),
  );
  expect(phases).toMatchObject([
    { faults: [], time: 2000 * MS, ok: 2, fail: 0, info: 0, availability: 1, latency: { max: 500 * MS } },
    {
      faults: ['network/cut'],
      time: 1000 * MS,
      ok: 1,
      fail: 1,
      info: 2,
      availability: 0.25,
      latency: { max: 300 * MS },
    },
  ]);
});

test('a phase in which nobody asked has no availability', () => {
  const { phases } = measure(tell(...cutAndHealed, { process: 0, f: 'read', from: 2500 }));
  expect(phases[0]).toMatchObject({ faults: ['network/cut'], ok: 0, availability: null, latency: null });
});

const recovery = (...after: readonly Told[]) =>
  measure(
    tell(
      { process: 0, f: 'read', node: 'n1', from: 0 },
      { process: 1, f: 'read', node: 'n2', from: 0 },
      ...cutAndHealed,
      { process: 2, f: 'read', node: 'n1', from: 1900, to: 2001 },
      ...after,
    ),
  ).recoveries;

test('a system has recovered once every node has answered what was asked after the repair', () => {
  expect(
    recovery(
      { process: 0, f: 'read', node: 'n1', from: 2100, to: 2150 },
      { process: 1, f: 'read', node: 'n2', from: 2100, to: 2600, outcome: 'fail' },
      { process: 1, f: 'read', node: 'n2', from: 2700, to: 2750 },
      { process: 1, f: 'read', node: 'n2', from: 2800, to: 2801 },
    ),
  ).toEqual([
    {
      faults: ['network/cut'],
      begin: 1000 * MS,
      end: 2000 * MS,
      firstSuccess: 150 * MS,
      everyNode: 750 * MS,
    },
  ]);
});

test('a system that does not answer, or not everywhere, before the next fault has not recovered', () => {
  expect(recovery({ process: 3, f: 'read', node: 'n1', from: 2500, outcome: 'info' })).toMatchObject([
    { firstSuccess: null, everyNode: null },
  ]);
  expect(
    recovery(
      { process: 0, f: 'read', node: 'n1', from: 2100 },
      nemesis('process/kill', { node: 'n2' }, 2500),
      { process: 1, f: 'read', node: 'n2', from: 2600 },
    ),
  ).toMatchObject([{ firstSuccess: 105 * MS, everyNode: null }]);
});

test('an answer that comes only during the next fault is no recovery', () => {
  expect(
    recovery(
      { process: 0, f: 'read', node: 'n1', from: 2100, to: 2600 },
      nemesis('process/kill', { node: 'n2' }, 2500),
    ),
  ).toMatchObject([{ firstSuccess: null, everyNode: null }]);
});

test('a node that never answered, not even before the fault, is not waited for', () => {
  const dead: Told = { process: 5, f: 'read', node: 'n3', outcome: 'info' };
  expect(
    recovery(
      { ...dead, from: 0 },
      { process: 0, f: 'read', node: 'n1', from: 2100 },
      { process: 1, f: 'read', node: 'n2', from: 2200 },
      { ...dead, process: 6, from: 2100 },
    ),
  ).toMatchObject([{ everyNode: 205 * MS }]);
});

test('faults that overlap are one stretch, with one recovery', () => {
  expect(
    recovery(
      nemesis('process/kill', { node: 'n2' }, 3000),
      nemesis('clock/step', { node: 'n1', by: 1 }, 3500),
      nemesis('process/start', { node: 'n2' }, 4000),
      nemesis('clock/reset', { node: 'n1' }, 4499),
      { process: 0, f: 'read', node: 'n1', from: 4600 },
    ).map(({ faults, begin, end, firstSuccess }) => [faults, begin / MS, end / MS, firstSuccess]),
  ).toEqual([
    [['network/cut'], 1000, 2000, null],
    [['clock/step', 'process/kill'], 3000, 4500, 105 * MS],
  ]);
});

test('without nodes any answer is a recovery; without events nothing is measured', () => {
  const { recoveries } = measure(
    tell({ process: 0, f: 'read', from: 0 }, ...cutAndHealed, {
      process: 0,
      f: 'read',
      from: 2100,
      to: 2150,
    }),
  );
  expect(recoveries).toMatchObject([{ firstSuccess: 150 * MS, everyNode: 150 * MS }]);
  expect(measure(historyOf([]))).toMatchObject({
    duration: 0,
    latency: {},
    recoveries: [],
    timeline: { ok: [] },
  });
});
