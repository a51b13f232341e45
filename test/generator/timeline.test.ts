import { expect, test } from 'vitest';
import { simulateGenerator } from '../../src/generator/simulate.ts';
import { timeline } from '../../src/generator/timeline.ts';

const op = (at: number, thread: number | 'nemesis', f: string) => ({ at, thread, f, value: null });

test('operations begin at their times, each on its thread', () => {
  const events = simulateGenerator(timeline([op(5e9, 1, 'b'), op(2e9, 0, 'a'), op(7e9, 'nemesis', 'c')]), {
    concurrency: 2,
  });
  const begun = events.filter(({ type }) => type === 'invoke');
  expect(begun.map(({ time, process, f }) => [time, process, f])).toEqual([
    [2e9, 0, 'a'],
    [5e9, 1, 'b'],
    [7e9, 'nemesis', 'c'],
  ]);
});

test('an operation whose thread is busy waits for it', () => {
  const events = simulateGenerator(timeline([op(1e9, 0, 'a'), op(1e9, 0, 'b')]), { concurrency: 1 });
  const [, first, second] = events;
  expect([first!.f, first!.type, second!.f, second!.type]).toEqual(['a', 'ok', 'b', 'invoke']);
  expect(second!.time).toBe(first!.time);
});
