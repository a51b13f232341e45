import { expect, test } from 'vitest';
import { limit } from '../../src/generator/limits.ts';
import { phases } from '../../src/generator/sequence.ts';
import { simulateGenerator } from '../../src/generator/simulate.ts';
import { onClients } from '../../src/generator/threads.ts';
import { consensus } from '../../workloads/consensus.ts';
import { optionsFor } from './options.ts';

const PROPOSALS = 200;

/** The proposals of a run of four clients, and then of its end. */
function proposed(parameters: Record<string, unknown> = {}) {
  const options = optionsFor(consensus, { parameters });
  const generator = phases(limit(PROPOSALS, consensus.generator(options)), consensus.finale(options));
  const events = simulateGenerator(onClients(generator), { concurrency: options.concurrency });
  const invoked = events.filter((e) => e.type === 'invoke');
  return { run: invoked.slice(0, PROPOSALS), end: invoked.slice(PROPOSALS), nodes: options.nodes };
}

test('no value is proposed twice', () => {
  const { run } = proposed();
  expect(new Set(run.map((e) => e.value)).size).toBe(PROPOSALS);
});

test('several clients propose for a key, as often as they shall, before the next key takes its place', () => {
  const { run } = proposed({ proposers: 2, proposals: 6 });
  const byKey = new Map<unknown, number[]>();
  for (const { key, process } of run) byKey.set(key, [...(byKey.get(key) ?? []), process as number]);
  // All but those that were cut short.
  const whole = [...byKey.values()].filter((processes) => processes.length === 6);
  expect(whole.length).toBeGreaterThanOrEqual(byKey.size - 2);
  for (const processes of whole) expect(new Set(processes).size).toBe(2);
});

test('in the end every node is asked for each decision', () => {
  const { run, end, nodes } = proposed();
  const keys = [...new Set(run.map((e) => e.key))];
  const asked = end.map((e) => `${e.key} ${e.node}`).sort();
  expect(asked).toEqual(keys.flatMap((key) => nodes.map((node) => `${key} ${node}`)).sort());
});
