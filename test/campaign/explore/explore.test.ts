import { afterAll, expect, test } from 'vitest';
import { explore } from '../../../src/campaign/explore/explore.ts';
import { registry } from '../../../src/campaign/registry.ts';
import { RunPool } from '../../../src/campaign/run-pool.ts';
import { runSpec } from '../../../src/campaign/run-spec.ts';
import type { JudgedRun } from '../../../src/campaign/run-task.ts';
import { formatSpec } from '../../../src/spec/format.ts';
import { resolveSpec } from '../../../src/spec/resolve.ts';
import { specSchema } from '../../../src/spec/schema.ts';
import { readYaml } from '../../../src/spec/yaml-file.ts';

const [one, two] = [new RunPool({ threads: 1 }), new RunPool({ threads: 2 })];
afterAll(() => Promise.all([one.close(), two.close()]));

/** A busy machine takes its time (ms). */
const SLOW = 240_000;

const { spec } = resolveSpec(
  { system: 'abd', nodes: 3, concurrency: 3, rate: 30, timeLimit: 2e9, settle: 0, seed: 1 },
  registry,
);

function* from(seed: number) {
  for (let next = seed; ; next++) yield next;
}

async function explored(pool: RunPool): Promise<JudgedRun[]> {
  const options = {
    pool,
    runs: 32,
    seeds: from(1),
    store: '',
    keep: 'brought',
    untilInvalid: false,
  } as const;
  const results = await explore(spec, options);
  return results.filter((result) => result.state === 'judged');
}

test(
  'runs are the same however many threads there are; a changed one is repeated by its spec',
  async () => {
    const here = await explored(one);
    const there = await explored(two);
    const fingerprints = (runs: readonly JudgedRun[]) => runs.map(({ outcome }) => outcome.fingerprint);
    expect(fingerprints(there)).toEqual(fingerprints(here));
    expect(here.slice(0, 24).map(({ seed }) => seed)).toEqual(Array.from({ length: 24 }, (_, i) => i + 1));
    const changed = here.filter(({ outcome }) => outcome.spec.script !== undefined);
    expect(changed.length).toBeGreaterThan(2);
    const { outcome } = changed.find(({ outcome: { spec: one } }) => one.script!.faults.length > 0)!;
    const { data } = readYaml(specSchema, formatSpec(outcome.spec), 'spec.yaml');
    const again = await runSpec(resolveSpec({ ...data, system: 'abd', seed: outcome.spec.seed }, registry));
    expect(again.outcome.fingerprint).toBe(outcome.fingerprint);
    expect(again.outcome.counts.faults).toBeGreaterThan(0);
  },
  SLOW,
);
