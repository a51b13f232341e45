import { expect, test } from 'vitest';
import { SECOND } from '../../src/world/nanos.ts';
import { findings, run } from './run.ts';

const system = 'state-machine-replication';

test.each([
  ['nondeterministic-apply', 'stale-read'],
  ['local-read', 'stale-read'],
  ['applies-own-first', 'stale-read'],
])('%s is found', async (bug, kind) => {
  for (const seed of [1, 1001])
    expect(findings(await run({ system, bug, seed, timeLimit: 15 * SECOND })).anomalies).toContain(kind);
});

test.each(['register', 'set', 'append', 'bank', 'queue', 'counter'])(
  'the right one is never accused: %s',
  async (workload) => {
    for (let seed = 1; seed <= 4; seed++) {
      const outcome = await run({ system, workload, seed, timeLimit: 10 * SECOND });
      expect(findings(outcome)).toEqual({ anomalies: [], vacuous: [] });
    }
  },
);

test('a node that crashes and comes back has forgotten what it promised, which is beyond the model', async () => {
  const outcome = await run({ system, seed: 1, nemeses: 'kill:targets=all', beyondModel: true });
  expect(outcome.valid).toBe(false);
  expect(outcome.beyond).toEqual(['nodes crash-recovery']);
});
