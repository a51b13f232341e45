import { expect, test } from 'vitest';
import { LamportClock } from '../../src/systems/sim/lamport-clock/clock.ts';
import { VectorClock } from '../../src/systems/sim/vector-clock/clock.ts';
import { SECOND } from '../../src/world/nanos.ts';
import { findings, run } from './run.ts';

const NO_BUGS: ReadonlySet<string> = new Set();
const SHORT = { timeLimit: 3 * SECOND, settle: SECOND };

test('a Lamport clock counts on from the greater of its own number and the one received', () => {
  const clock = new LamportClock(NO_BUGS);
  expect([clock.local(), clock.send(), clock.receive(7), clock.receive(3), clock.local()]).toEqual([
    1, 2, 8, 9, 10,
  ]);
});

test('a vector clock learns what the sender knew, and counts its own events', () => {
  const clock = new VectorClock(1, 3, NO_BUGS);
  expect(clock.local()).toEqual([0, 1, 0]);
  expect(clock.receive([4, 0, 2])).toEqual([4, 2, 2]);
  expect(clock.receive([3, 1, 5])).toEqual([4, 3, 5]);
  expect(clock.send()).toEqual([4, 4, 5]);
});

test.each([
  ['lamport-clock', 'no-increment-on-receive', 'clock-condition'],
  ['lamport-clock', 'missing-max', 'clock-condition'],
  ['vector-clock', 'own-entry-not-incremented', 'clock-condition'],
  ['vector-clock', 'merge-overwrites', 'clock-condition'],
])('%s with %s is found', async (system, bug, kind) => {
  const outcome = await run({ system, bug, seed: 1, ...SHORT });
  expect(findings(outcome).anomalies).toContain(kind);
});

test.each(['lamport-clock', 'vector-clock'])('the right %s is never accused', async (system) => {
  for (let seed = 1; seed <= 5; seed++) {
    const outcome = await run({ system, seed, ...SHORT });
    expect(findings(outcome)).toEqual({ anomalies: [], vacuous: [] });
  }
});
