import { expect, test } from 'vitest';
import { Locks } from '../../src/systems/sim/lock-service/locks.ts';
import type { Answer } from '../../src/systems/sim/shared/state-machine.ts';

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
  expect(perform('release', 1)).toEqual(ok(1));
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
  expect(perform('write', [1, 'a'])).toEqual(ok({ token: 1, after: 0 }));
  expect(perform('write', [2, 'b'])).toEqual(ok({ token: 2, after: 1 }));
  expect(perform('write', [1, 'c'])).toEqual(fail('fenced'));
  expect(perform('write', [2, 'd'])).toEqual(ok({ token: 2, after: 2 }));
});

test('without fencing the resource goes back to an older holder', () => {
  const { perform } = locks(['no-fencing']);
  perform('write', [2, 'b']);
  expect(perform('write', [1, 'c'])).toEqual(ok({ token: 1, after: 2 }));
});
