import { expect, test } from 'vitest';
import { registry } from '../../src/campaign/registry.ts';
import { runSpec } from '../../src/campaign/run-spec.ts';
import { parseNemeses } from '../../src/spec/nemesis-text.ts';
import { resolveSpec } from '../../src/spec/resolve.ts';
import { SECOND } from '../../src/world/nanos.ts';

const WRONG = {
  system: 'state-machine-replication',
  bugs: ['applies-own-first'],
  nemeses: parseNemeses('packet'),
  timeLimit: 10 * SECOND,
  seed: 1,
};

test.each(['register', 'append', 'queue', 'counter'])(
  'a run of workload %s ends at its first violation, each time at the same event',
  async (workload) => {
    const resolved = resolveSpec({ ...WRONG, workload, failFast: true }, registry);
    const [first, second] = [await runSpec(resolved), await runSpec(resolved)];
    const { outcome, history } = first;
    expect(outcome.valid).toBe(false);
    expect(outcome.endedBy!.time).toBeLessThan(5 * SECOND);
    // Only the healing comes after it.
    const rest = Array.from(history).slice(outcome.endedBy!.event + 1);
    expect(rest.map(({ process, f }) => `${process} ${f}`)).toEqual(['nemesis heal', 'nemesis heal']);
    expect(second.outcome.fingerprint).toBe(outcome.fingerprint);
    expect(second.outcome.endedBy).toEqual(outcome.endedBy);
  },
);

test('a run without a violation goes on to its end, as if nobody had looked', async () => {
  const right = { system: 'raft', timeLimit: 3 * SECOND, seed: 1 };
  const watched = await runSpec(resolveSpec({ ...right, failFast: true }, registry));
  const { outcome } = await runSpec(resolveSpec(right, registry));
  expect(watched.outcome.endedBy).toBeUndefined();
  expect(watched.outcome.fingerprint).toBe(outcome.fingerprint);
});
