import { afterEach, expect, test } from 'vitest';
import { RunPool, type RunPoolOptions } from '../../src/campaign/run-pool.ts';
import type { RunResult } from '../../src/campaign/run-task.ts';
import type { TestSpec } from '../../src/spec/test-spec.ts';

const BAD = { worker: new URL('bad-worker.mjs', import.meta.url), threads: 2 };
const pools: RunPool[] = [];

afterEach(async () => {
  for (const pool of pools.splice(0)) await pool.close();
});

function poolOf(options: RunPoolOptions): RunPool {
  const pool = new RunPool(options);
  pools.push(pool);
  return pool;
}

const run = (pool: RunPool, seeds: (string | number)[], untilInvalid = false): Promise<RunResult[]> =>
  pool.run({ spec: {} as TestSpec, seeds, store: '', keep: 'failures', untilInvalid });

const ends = (results: RunResult[]) => results.map(({ seed, state }) => `${seed} ${state}`);

test('results come in the order of the seeds, whatever thread they ran on', async () => {
  const pool = poolOf(BAD);
  const seeds = Array.from({ length: 50 }, (_, i) => i);
  expect((await run(pool, seeds)).map(({ seed }) => seed)).toEqual(seeds);
  expect(pool.runsDone).toBe(50);
});

test.each([
  ['throw', /thrown/],
  ['exit', /exited with code: 3/],
])('a run that ends its thread (%s) fails only itself', async (bad, why) => {
  const results = await run(poolOf(BAD), [1, 2, bad, 3, 4], true);
  expect(ends(results)).toEqual(['1 stopped', '2 stopped', `${bad} crashed`, '3 stopped', '4 stopped']);
  expect(results[2]).toMatchObject({ error: expect.stringMatching(why) });
});

test('a run that is brought down while it is judged gets a thread in which it is judged apart', async () => {
  expect(ends(await run(poolOf(BAD), [1, 'judge', 2], true))).toEqual([
    '1 stopped',
    'judge stopped',
    '2 stopped',
  ]);
});

test('a run that hangs is ended, and only it', async () => {
  const results = await run(poolOf({ ...BAD, patience: 300 }), [1, 'loop', 2], true);
  expect(ends(results)).toEqual(['1 stopped', 'loop crashed', '2 stopped']);
  expect(results[1]).toMatchObject({ error: expect.stringContaining('no sign of life for 0.3 s') });
});

test('stopping lets runs under way end by themselves', async () => {
  const pool = poolOf({ ...BAD, threads: 1 });
  await run(pool, ['so that the thread is up']);
  const running = run(pool, ['wait', 'wait'], true);
  await pool.stop();
  expect(ends(await running)).toEqual(['wait stopped', 'wait stopped']);
});

test('after stopping nothing begins', async () => {
  const pool = poolOf({ ...BAD, threads: 1 });
  await pool.stop();
  expect(await run(pool, [1])).toEqual([]);
});

test('stopping throws out a run that does not listen', async () => {
  const pool = poolOf({ ...BAD, threads: 1 });
  const running = run(pool, ['loop']);
  await pool.stop();
  expect(await running).toEqual([]);
});
