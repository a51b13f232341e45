import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  correctClock,
  driftClock,
  monotonicAt,
  NTP,
  resetClock,
  stepClock,
  strobeClock,
  trueClock,
  trueDuration,
  wallAt,
} from '../../src/faults/clock.ts';
import type { Fault } from '../../src/faults/fault.ts';
import { HOUR, SECOND } from '../../src/world/nanos.ts';
import { inWorld, sleep, toyWorld } from './toy.ts';

/** When n1's timer of 10 s goes off, by true time, after a fault. */
async function tenSecondTimer(fault: Fault): Promise<number> {
  let at = 0;
  const { world } = toyWorld(1, (c) => ({
    onStart: () => c.setTimer('ten', 10 * SECOND),
    onTimer: () => {
      at = world.now();
    },
  }));
  await inWorld(world, async () => {
    await world.inject(fault);
    await world.inject({ kind: 'process/kill', node: 'n1' });
    await world.inject({ kind: 'process/start', node: 'n1' });
    await sleep(world, 30 * SECOND);
  });
  return at;
}

test('a step moves one wall clock, not the monotonic clock, nor any other node', async () => {
  const seen: Record<string, number[]> = {};
  const { world, request } = toyWorld(2, (c) => ({
    onRequest: (id) => c.reply(id, [c.wallClock(), c.monotonic()]),
  }));
  await inWorld(world, async () => {
    await world.inject({ kind: 'clock/step', node: 'n1', by: HOUR });
    for (const node of world.nodes) seen[node] = (await request(node, null)) as number[];
  });
  const ahead = seen.n1![0]! - seen.n2![0]!;
  expect(Math.abs(ahead - HOUR)).toBeLessThan(SECOND);
  expect(Math.abs(seen.n1![1]! - seen.n2![1]!)).toBeLessThan(SECOND);
});

test('a fast oscillator makes timers go off early by true time, a slow one late', async () => {
  expect(await tenSecondTimer({ kind: 'clock/drift', node: 'n1', ppm: 250_000 })).toBe(8 * SECOND);
  expect(await tenSecondTimer({ kind: 'clock/drift', node: 'n1', ppm: -500_000 })).toBe(20 * SECOND);
});

test('a timer that was set before a drift keeps its share of local time', async () => {
  let at = 0;
  const { world } = toyWorld(1, (c) => ({
    onStart: () => c.setTimer('ten', 10 * SECOND),
    onTimer: () => {
      at = world.now();
    },
  }));
  await inWorld(world, async () => {
    await sleep(world, 5 * SECOND);
    await world.inject({ kind: 'clock/drift', node: 'n1', ppm: -500_000 });
    await sleep(world, 20 * SECOND);
  });
  // Five seconds at full speed, the other five at half of it.
  expect(at).toBe(15 * SECOND);
});

test('a strobe jumps forth and back and ends by itself', () => {
  const c = strobeClock(trueClock(0), 0, SECOND, 100, 1000);
  expect([0, 99, 100, 199, 200].map((t) => wallAt(c, t) - t)).toEqual([SECOND, SECOND, 0, 0, SECOND]);
  expect(wallAt(c, 1000)).toBe(1000);
});

test('a reset brings true time and rate back, and the monotonic clock does not jump', () => {
  const wrong = driftClock(stepClock(trueClock(0), 0, HOUR), 0, 200);
  const right = resetClock(wrong, 10 * SECOND, 0);
  expect(wallAt(right, 12 * SECOND)).toBe(12 * SECOND);
  expect(monotonicAt(right, 10 * SECOND)).toBe(monotonicAt(wrong, 10 * SECOND));
});

test('NTP steps a large offset away and slews a small one at 500 ppm', () => {
  expect(wallAt(correctClock(stepClock(trueClock(0), 0, SECOND), 0, 0, NTP), 0)).toBe(0);
  const slewed = correctClock(stepClock(trueClock(0), 0, 1_000_000), 0, 0, NTP);
  expect(wallAt(slewed, 0)).toBe(1_000_000);
  expect(wallAt(slewed, SECOND) - SECOND).toBe(500_000);
  expect(wallAt(slewed, 3 * SECOND) - 3 * SECOND).toBe(0);
});

test('a monotonic clock never goes back, whatever happens to the node', () => {
  const change = fc.oneof(
    fc.record({ kind: fc.constant('step' as const), by: fc.integer({ min: -HOUR, max: HOUR }) }),
    fc.record({ kind: fc.constant('drift' as const), by: fc.integer({ min: -500_000, max: 500_000 }) }),
    fc.record({ kind: fc.constant('reset' as const), by: fc.constant(0) }),
    fc.record({ kind: fc.constant('ntp' as const), by: fc.constant(0) }),
  );
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 0, max: SECOND }), change), { maxLength: 20 }),
      (script) => {
        let clock = trueClock(HOUR);
        let t = 0;
        let last = 0;
        for (const [delay, { kind, by }] of script) {
          t += delay;
          expect(monotonicAt(clock, t)).toBeGreaterThanOrEqual(last);
          if (kind === 'step') clock = stepClock(clock, t, by);
          else if (kind === 'drift') clock = driftClock(clock, t, by);
          else if (kind === 'reset') clock = resetClock(clock, t, HOUR);
          else clock = correctClock(clock, t, HOUR, NTP);
          last = monotonicAt(clock, t);
        }
      },
    ),
  );
});

test('a timer on a drifting clock takes a whole number of nanoseconds and is never early by that clock', () => {
  const drift = fc.integer({ min: -900_000, max: 900_000 });
  fc.assert(
    fc.property(drift, fc.integer({ min: 1, max: HOUR }), (ppm, delay) => {
      const c = driftClock(trueClock(0), 0, ppm);
      const took = trueDuration(c, delay);
      expect(Number.isInteger(took)).toBe(true);
      expect(took).toBeGreaterThan(0);
      expect(monotonicAt(c, took)).toBeGreaterThanOrEqual(delay);
    }),
  );
});

test('after drifts and resets time still comes in whole nanoseconds', async () => {
  const times: number[] = [];
  const { world } = toyWorld(1, (c) => ({
    onStart: () => c.setTimer('tick', 7_777_777),
    onTimer: () => {
      times.push(world.now());
      c.setTimer('tick', 7_777_777);
    },
  }));
  await inWorld(world, async () => {
    for (const ppm of [333, -12_345, 77_777, 0]) {
      await world.inject({ kind: 'clock/drift', node: 'n1', ppm });
      await sleep(world, 100_000_001);
      await world.inject({ kind: 'clock/reset', node: 'n1' });
      await sleep(world, 100_000_001);
    }
  });
  expect(times.every(Number.isInteger)).toBe(true);
});
