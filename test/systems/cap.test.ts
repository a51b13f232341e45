import { expect, test } from 'vitest';
import { capAp } from '../../src/systems/sim/cap/cap-ap.ts';
import { capCp } from '../../src/systems/sim/cap/cap-cp.ts';
import type { Message } from '../../src/systems/sim/quorum-register/messages.ts';
import type { Query } from '../../src/systems/sim/shared/request-client.ts';
import { SECOND } from '../../src/world/nanos.ts';
import { readParameters } from '../../src/world/parameters.ts';
import type { System } from '../../src/world/system.ts';
import { NodeBench } from './node-bench.ts';
import { findings, run } from './run.ts';

/** The first of three nodes, none of which the others hear. */
function alone(system: System): NodeBench<Message, Query> {
  const parameters = readParameters(system.parameters, {}, system.name);
  const deployment = system.deploy({ workload: 'cap', bugs: new Set(), parameters });
  if (!('program' in deployment)) throw new Error(`${system.name} has no node program`);
  return new NodeBench<Message, Query>(deployment.program);
}

function answer(bench: NodeBench<Message, Query>, query: Query): unknown {
  bench.ask(query);
  for (let i = 0; i < 20; i++) {
    bench.sync();
    bench.wait(SECOND / 20);
  }
  return bench.takeAnswers()[0];
}

const READ: Query = { f: 'read', key: 'x', value: null };
const WRITE: Query = { f: 'write', key: 'x', value: 7 };

test('alone, the consistent register refuses', () => {
  const bench = alone(capCp);
  expect(answer(bench, WRITE)).toEqual({ type: 'fail', error: 'no-quorum' });
  expect(answer(bench, READ)).toEqual({ type: 'fail', error: 'no-quorum' });
});

test('alone, the available register answers, and remembers after a power loss', () => {
  const bench = alone(capAp);
  expect(answer(bench, WRITE)).toEqual({ type: 'ok' });
  bench.losePowerAndRestart();
  expect(answer(bench, READ)).toEqual({ type: 'ok', value: 7 });
});

test('under partition the one is linearizable and the other answers everywhere, and both tell what they lack', async () => {
  const cp = await run({ system: 'cap-cp', seed: 1, nemeses: 'partition' });
  const ap = await run({ system: 'cap-ap', seed: 1, nemeses: 'partition' });
  const verdict = (outcome: typeof cp, name: string) =>
    outcome.verdicts.find(({ checker }) => checker.startsWith(name))!;
  expect([cp.valid, ap.valid]).toEqual([true, true]);
  expect(verdict(ap, 'linearizable').counts.violations).toBeGreaterThan(0);
  const refused = ({ counts }: ReturnType<typeof verdict>, side: string) =>
    counts[`${side} operations`]! - counts[`${side} ok`]!;
  expect(refused(verdict(cp, 'availability'), 'minority')).toBeGreaterThan(0);
  expect(refused(verdict(cp, 'availability'), 'majority')).toBe(0);
  expect(refused(verdict(ap, 'availability'), 'minority')).toBe(0);
});

test.each([
  ['cap-cp', 'goes-on-alone', 'stale-read'],
  ['cap-ap', 'waits-for-majority', 'unavailable'],
])('%s: %s is found', async (system, bug, kind) => {
  for (const seed of [1, 1001]) expect(findings(await run({ system, bug, seed })).anomalies).toContain(kind);
});

test.each(['cap-cp', 'cap-ap'])('the right %s is never accused', async (system) => {
  for (let seed = 1; seed <= 10; seed++) {
    const outcome = await run({ system, seed, timeLimit: 10 * SECOND });
    expect(findings(outcome)).toEqual({ anomalies: [], vacuous: [] });
  }
});
