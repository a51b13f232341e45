import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EventQueue } from '../../src/sim/event-queue.ts';

test('events come out by time, and those of one time in the order they went in', () => {
  const steps = fc.array(fc.oneof(fc.integer({ min: 0, max: 20 }), fc.constant('pop' as const)), {
    maxLength: 300,
  });
  fc.assert(
    fc.property(steps, (script) => {
      const queue = new EventQueue();
      const model: { time: number; order: number }[] = [];
      let order = 0;
      for (const step of script) {
        if (step === 'pop') {
          model.sort((a, b) => a.time - b.time || a.order - b.order);
          const first = model.shift();
          expect(queue.pop()).toBe(first !== undefined);
          if (first !== undefined) expect([queue.time, queue.a]).toEqual([first.time, first.order]);
        } else {
          queue.push(step, 0, order, 0, undefined);
          model.push({ time: step, order: order++ });
        }
        expect(queue.size).toBe(model.length);
      }
    }),
  );
});

test('hastened events come by the given time, in the order they went in, and all others when they would', () => {
  const times = fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 100 });
  fc.assert(
    fc.property(times, fc.integer({ min: 0, max: 20 }), (pushed, by) => {
      const queue = new EventQueue();
      for (const [i, time] of pushed.entries()) queue.push(time, i % 2, i, i % 3, undefined);
      queue.hasten((kind, _, b) => (kind === 1 && b === 2 ? by : undefined));
      const expected = pushed.map((time, i) => [i % 2 === 1 && i % 3 === 2 ? Math.min(time, by) : time, i]);
      expected.sort((x, y) => x[0]! - y[0]! || x[1]! - y[1]!);
      for (const event of expected) {
        queue.pop();
        expect([queue.time, queue.a]).toEqual(event);
      }
    }),
  );
});

test('the queue grows beyond its first size and keeps every event whole', () => {
  const queue = new EventQueue();
  for (let i = 0; i < 5000; i++) queue.push((i * 7919) % 5000, i % 6, i, i + 1, { i });
  const seen: number[] = [];
  let last = -1;
  while (queue.pop()) {
    expect(queue.time).toBeGreaterThanOrEqual(last);
    expect([queue.kind, queue.b, queue.payload]).toEqual([queue.a % 6, queue.a + 1, { i: queue.a }]);
    last = queue.time;
    seen.push(queue.a);
  }
  expect(new Set(seen).size).toBe(5000);
});
