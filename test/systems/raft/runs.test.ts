import { expect, test } from 'vitest';
import { registry } from '../../../src/campaign/registry.ts';
import { runSpec } from '../../../src/campaign/run-spec.ts';
import { parseNemeses } from '../../../src/spec/nemesis-text.ts';
import { resolveSpec } from '../../../src/spec/resolve.ts';
import { BUGS, type BugName } from '../../../src/systems/sim/raft/bugs.ts';
import { raft } from '../../../src/systems/sim/raft/raft.ts';
import { type Nanos, SECOND } from '../../../src/world/nanos.ts';

async function run(input: {
  seed: number;
  bugs?: string[];
  workload?: string;
  nemeses?: string;
  timeLimit?: Nanos;
}) {
  const { nemeses, ...rest } = input;
  const given = nemeses === undefined ? {} : { nemeses: parseNemeses(nemeses) };
  const { outcome } = await runSpec(resolveSpec({ system: 'raft', ...rest, ...given }, registry));
  return outcome;
}

/** The first of the seeds 1, 2 ... whose run is judged wrong. */
async function firstSeedThatFinds(bug: BugName, seeds: number): Promise<number | null> {
  for (let seed = 1; seed <= seeds; seed++)
    if ((await run({ seed, bugs: [bug] })).valid === false) return seed;
  return null;
}

test.each(Object.keys(BUGS) as BugName[])('%s is found within 20 seeds', async (bug) => {
  expect(await firstSeedThatFinds(bug, 20)).not.toBeNull();
});

const SEEDS = Array.from({ length: 50 }, (_, i) => i + 1);
const WORKLOADS = Object.keys(raft.serves);

test('50 swarms accuse the right algorithm of nothing, and each of its passes means something', async () => {
  const wrong: unknown[] = [];
  for (const seed of SEEDS) {
    const workload = WORKLOADS[seed % WORKLOADS.length]!;
    const { valid, verdicts } = await run({ seed, workload, timeLimit: 15 * SECOND });
    const vacuous = verdicts.flatMap((verdict) => verdict.vacuous);
    if (valid !== true || vacuous.length > 0) wrong.push({ seed, workload, valid, vacuous });
  }
  expect(wrong).toEqual([]);
});

test.each(Object.keys(BUGS) as BugName[])(
  'without %s, the faults that bring it out show nothing',
  async (bug) => {
    const { workload, nemeses } = BUGS[bug];
    for (const seed of [1, 2]) {
      const { valid } = await run({ seed, workload, nemeses: nemeses.join(',') });
      expect(valid, `seed ${seed}`).toBe(true);
    }
  },
);

test('a run depends on nothing but its seed', async () => {
  const once = await run({ seed: 5 });
  const again = await run({ seed: 5 });
  const other = await run({ seed: 6 });
  expect(again.fingerprint).toBe(once.fingerprint);
  expect(other.fingerprint).not.toBe(once.fingerprint);
});
