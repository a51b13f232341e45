import { expect, test } from 'vitest';
import { registry } from '../../src/campaign/registry.ts';
import { runSpec } from '../../src/campaign/run-spec.ts';
import { resolveSpec } from '../../src/spec/resolve.ts';
import { worldsOf } from '../../src/world/system.ts';

const SHORT = { timeLimit: 6e9, recovery: 0, settle: 2e9 };

const SIMULATED = Object.values(registry.systems).filter((system) => worldsOf(system)[0] === 'sim');
const CASES = SIMULATED.flatMap(({ name: system, serves }) =>
  Object.keys(serves).map((workload) => ({ system, workload, seed: 1 })),
);

/**
 * The same on every machine and Node version. A change of Momus that changes a fingerprint makes stored runs of that
 * system replay differently: where that is meant, update the snapshot (`npx vitest run -u`) and say so in the commit.
 */
test.each(CASES)(
  '$system, workload $workload, seed $seed has the fingerprint that it always had',
  async (spec) => {
    const { outcome } = await runSpec(resolveSpec({ ...spec, ...SHORT }, registry));
    expect(outcome.fingerprint).toMatchSnapshot();
  },
);
