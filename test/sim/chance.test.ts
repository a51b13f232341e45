import { expect, test } from 'vitest';
import { registry } from '../../src/campaign/registry.ts';
import { runSpec } from '../../src/campaign/run-spec.ts';
import { SteadyChance } from '../../src/sim/chance.ts';
import { resolveSpec } from '../../src/spec/resolve.ts';
import type { ScriptedOperation } from '../../src/spec/script.ts';
import { randomOf } from '../../src/world/random.ts';

const chance = () => new SteadyChance(randomOf('steady'), 4);

test('steady chance follows from the line and the moment, whatever was drawn before', () => {
  const [one, other] = [chance(), chance()];
  for (let i = 0; i < 10; i++) one.at(2, i).float();
  const draw = (from: SteadyChance) => {
    const dice = from.at(1, 5_000_000_000);
    return [dice.float(), dice.float(), dice.int(100)];
  };
  const drawn = draw(one);
  expect(draw(other)).toEqual(drawn);
  expect(draw(other)).not.toEqual(drawn);
  expect(draw(new SteadyChance(randomOf('another seed'), 4))).not.toEqual(drawn);
});

test('steady chance is spread evenly over moments and lines', () => {
  const dice = chance();
  const buckets = new Array(10).fill(0);
  for (let now = 0; now < 5_000; now++)
    for (const line of [0, 1, 2, 3]) {
      const at = dice.at(line, now * 1_000);
      buckets[Math.floor(at.float() * 10)]++;
      buckets[at.int(10)]++;
    }
  // 40,000 draws: four standard deviations are 240.
  for (const count of buckets) expect(Math.abs(count - 4_000)).toBeLessThan(240);
});

const write = (at: number, thread: number): ScriptedOperation => ({
  at,
  thread,
  f: 'write',
  value: thread,
  key: 'x',
});
/** So far apart that none waits for another's messages. */
const OPERATIONS = [write(0.5e9, 0), write(1e9, 1), write(1.5e9, 2), write(2e9, 3)];

/** When each operation ends, by its thread, under slow links. */
async function endings(operations: readonly ScriptedOperation[], steady: boolean) {
  const links = [1, 2, 3].flatMap((i) =>
    [1, 2, 3].filter((j) => j !== i).map((j) => [`n${i}`, `n${j}`] as const),
  );
  const faults = [
    { at: 0, kind: 'network/shape', links, policy: { latency: { base: 5e6, tail: 5e6 } } },
  ] as const;
  const script = { operations: [...operations], faults: [...faults], steady };
  const input = { system: 'abd', nodes: 3, timeLimit: 3e9, settle: 0, seed: 1, script };
  const { history } = await runSpec(resolveSpec({ ...input, workloadParameters: { keys: 1 } }, registry));
  return new Map(
    Array.from({ length: history.length }, (_, i) => history.op(i))
      .filter(({ type, f }) => type === 'ok' && f === 'write')
      .map(({ process, time }) => [process, time]),
  );
}

test('what is left out of a steady script changes nothing else; of another it does', async () => {
  const [, ...others] = OPERATIONS;
  for (const steady of [true, false]) {
    const [all, some] = [await endings(OPERATIONS, steady), await endings(others, steady)];
    all.delete(0);
    expect(some.size).toBe(3);
    if (steady) expect(some).toEqual(all);
    else expect(some).not.toEqual(all);
  }
});
