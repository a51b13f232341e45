import { afterAll, expect, test } from 'vitest';
import { registry } from '../../../src/campaign/registry.ts';
import { RunPool } from '../../../src/campaign/run-pool.ts';
import { runSpec } from '../../../src/campaign/run-spec.ts';
import { scriptOf } from '../../../src/campaign/script-of.ts';
import { minimize } from '../../../src/campaign/shrink/minimize.ts';
import { failureOf, shrinkRun } from '../../../src/campaign/shrink/shrink-run.ts';
import { formatSpec } from '../../../src/spec/format.ts';
import { resolveSpec } from '../../../src/spec/resolve.ts';
import { specSchema } from '../../../src/spec/schema.ts';
import { readYaml } from '../../../src/spec/yaml-file.ts';

const [pool, single] = [new RunPool({ threads: 2 }), new RunPool({ threads: 1 })];
afterAll(() => Promise.all([pool.close(), single.close()]));

async function failing(system: string, bug: string, seed: number) {
  const resolved = resolveSpec(
    { system, bugs: [bug], seed, timeLimit: 6e9, settle: 1e9, concurrency: 6 },
    registry,
  );
  const { outcome, history } = await runSpec(resolved);
  expect(outcome.valid).toBe(false);
  return { outcome, history };
}

test('a run repeated from its script, read back from YAML, is the very same run', async () => {
  const { outcome, history } = await failing('abd', 'no-write-back', 1);
  const { spec } = outcome;
  const text = formatSpec({ ...spec, script: scriptOf(history, spec) });
  const { data } = readYaml(specSchema, text, 'spec.yaml');
  const again = await runSpec(resolveSpec({ ...data, system: spec.system, seed: spec.seed }, registry));
  expect(again.outcome.fingerprint).toBe(outcome.fingerprint);
});

test('a violation shrinks to a few moves, and stays what it was', { timeout: 240_000 }, async () => {
  const { outcome, history } = await failing('paxos', 'accepts-lower-ballot', 1);
  const { spec, runs } = await shrinkRun(outcome, history, { pool });
  expect(await shrinkRun(outcome, history, { pool: single })).toEqual({ spec, runs });
  expect(spec.script.operations.length).toBeLessThanOrEqual(10);
  expect(spec.script.faults.length).toBeLessThanOrEqual(5);
  expect(spec.timeLimit).toBeLessThan(outcome.spec.timeLimit);
  const small = await runSpec(resolveSpec(spec, registry));
  const { checker, kind } = failureOf(outcome)!;
  expect(failureOf(small.outcome)).toMatchObject({ checker, kind });
});

test('what is tried at once does not change what is found', async () => {
  const items = Array.from({ length: 40 }, (_, i) => i);
  const answers = [1, 2, 8].map((threads) => {
    // As `shrinkRun` asks: some at a time, the first in order wins.
    const firstThatShows = async (lists: readonly (readonly number[])[]) => {
      for (let from = 0; from < lists.length; from += threads) {
        const some = lists.slice(from, from + threads).map((list) => list.includes(7) || list.includes(31));
        if (some.includes(true)) return from + some.indexOf(true);
      }
      return -1;
    };
    return minimize(items, firstThatShows);
  });
  const [alone, ...others] = await Promise.all(answers);
  for (const other of others) expect(other).toEqual(alone);
});

test('a script of faults alone leaves the operations to the workload', async () => {
  const faults = [{ at: 500_000_000, kind: 'process/kill', node: 'n2' }] as const;
  const resolved = resolveSpec(
    { system: 'abd', nemeses: [], timeLimit: 1e9, settle: 0, seed: 1, script: { faults: [...faults] } },
    registry,
  );
  const { history } = await runSpec(resolved);
  const repeated = scriptOf(history, resolved.spec);
  expect(repeated.faults).toEqual(faults);
  expect(repeated.operations.length).toBeGreaterThan(50);
});

test('a script that names what is not there is refused by its place', () => {
  const text = `system: abd
seed: 1
concurrency: 2
script:
  operations:
    - { at: 1s, thread: 2, f: read, value: null, key: x0, node: n9 }
  faults:
    - { at: 1s, kind: process/kil, node: n1 }
`;
  expect(() => readYaml(specSchema, text, 'spec.yaml')).toThrow(
    /spec.yaml:8:23: .*no "process\/kil" \(did you mean "process\/kill"\?\)/,
  );
  const { data, locate } = readYaml(specSchema, text.replace('kil,', 'kill,'), 'spec.yaml');
  expect(() => resolveSpec({ ...data, system: 'abd', seed: 1 }, registry, locate)).toThrow(
    /spec.yaml:6:25: .*no thread 2: the 2 clients are numbered from 0\nspec.yaml:6:65: .*no node "n9"/,
  );
});
