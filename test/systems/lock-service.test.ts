import { expect, test } from 'vitest';
import { Locks } from '../../src/systems/sim/lock-service/locks.ts';
import type { Answer } from '../../src/systems/sim/shared/state-machine.ts';
import { findings, run } from './run.ts';

/** Locks with a clock that the test sets. */
function locks(bugs: readonly string[] = []) {
  const time = { now: 0 };
  const machine = new Locks(() => time.now, new Set(bugs));
  const perform = (f: string, value: unknown = null): Answer => machine.perform({ f, key: 'l', value });
  return { time, machine, perform };
}

const ok = (value: unknown): Answer => ({ type: 'ok', value });
const fail = (error: string): Answer => ({ type: 'fail', error });

test('a held lock is refused, and each acquisition has a greater token', () => {
  const { perform } = locks();
  expect(perform('acquire')).toEqual(ok(1));
  expect(perform('acquire')).toEqual(fail('held'));
  expect(perform('release', 1)).toEqual(ok(null));
  expect(perform('acquire')).toEqual(ok(2));
});

test('who held a lock before cannot release it from its next holder', () => {
  const { perform } = locks();
  perform('acquire');
  perform('expire', 1);
  perform('acquire');
  expect(perform('release', 1)).toEqual(fail('not-held'));
  expect(perform('acquire')).toEqual(fail('held'));
});

test('a lease that ended by itself ends once, and not the next one', () => {
  const { perform } = locks();
  perform('acquire');
  perform('release', 1);
  perform('acquire');
  expect(perform('expire', 1)).toEqual(fail('not-held'));
  expect(perform('acquire')).toEqual(fail('held'));
});

test('a lock is overdue once it was held for its lease', () => {
  const { perform, machine, time } = locks();
  time.now = 5;
  perform('acquire');
  time.now = 14;
  expect(machine.overdue(10)).toEqual([]);
  time.now = 15;
  expect(machine.overdue(10)).toEqual([{ key: 'l', token: 1 }]);
  perform('release', 1);
  expect(machine.overdue(10)).toEqual([]);
});

test('the resource refuses a token older than the one that wrote last', () => {
  const { perform } = locks();
  expect(perform('write', { token: 1, value: 'a' })).toEqual(ok({ after: 0 }));
  expect(perform('write', { token: 2, value: 'b' })).toEqual(ok({ after: 1 }));
  expect(perform('write', { token: 1, value: 'c' })).toEqual(fail('fenced'));
  expect(perform('write', { token: 2, value: 'd' })).toEqual(ok({ after: 2 }));
});

test('without fencing the resource goes back to an older holder', () => {
  const { perform } = locks(['no-fencing']);
  perform('write', { token: 2, value: 'b' });
  expect(perform('write', { token: 1, value: 'c' })).toEqual(ok({ after: 2 }));
});

test.each([
  ['no-fencing', 'stale-write', 1],
  ['lease-by-wall-clock', 'mutual-exclusion', 1],
  ['release-without-token', 'not-held', 0],
])('%s is found', async (bug, anomaly, seed) => {
  const outcome = await run({ system: 'lock-service', bug, seed });
  expect(findings(outcome).anomalies).toContain(anomaly);
});

test('the right one is never accused', async () => {
  for (let seed = 1; seed <= 8; seed++) {
    const outcome = await run({ system: 'lock-service', seed });
    expect(findings(outcome)).toEqual({ anomalies: [], vacuous: [] });
  }
});
