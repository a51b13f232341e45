import { expect, test } from 'vitest';
import { episodesOf, scheduleOf } from '../../../src/campaign/explore/episodes.ts';
import { mutate } from '../../../src/campaign/explore/mutate.ts';
import { withinModel } from '../../../src/campaign/explore/within-model.ts';
import { registry } from '../../../src/campaign/registry.ts';
import { resolveSpec } from '../../../src/spec/resolve.ts';
import type { ScriptedFault } from '../../../src/spec/script.ts';
import type { TestSpec } from '../../../src/spec/test-spec.ts';
import { randomOf } from '../../../src/world/random.ts';

const { spec } = resolveSpec({ system: 'raft', timeLimit: 10e9, seed: 1 }, registry);

const kill = (at: number, node: string): ScriptedFault => ({ at, kind: 'process/kill', node });
const start = (at: number, node: string): ScriptedFault => ({ at, kind: 'process/start', node });
const cut = (at: number): ScriptedFault => ({
  at,
  kind: 'network/cut',
  grudge: { n1: ['n2'] },
  mode: 'drop',
});
const heal = (at: number): ScriptedFault => ({ at, kind: 'network/heal', grudge: { n1: ['n2'] } });

const SCHEDULE = [kill(1e9, 'n1'), cut(2e9), kill(3e9, 'n2'), start(4e9, 'n1'), heal(5e9), start(6e9, 'n2')];

test('a fault and what undoes it are an episode', () => {
  expect(episodesOf(SCHEDULE)).toEqual([
    [kill(1e9, 'n1'), start(4e9, 'n1')],
    [cut(2e9), heal(5e9)],
    [kill(3e9, 'n2'), start(6e9, 'n2')],
  ]);
  expect(scheduleOf(episodesOf(SCHEDULE))).toEqual(SCHEDULE);
});

test('a process that full disks may have ended is started again with them', () => {
  const full = { at: 1e9, kind: 'disk/enospc', node: 'n1' } as const;
  const well = { at: 2e9, kind: 'disk/heal', node: 'n1' } as const;
  expect(episodesOf([full, well, start(2e9, 'n1')])).toEqual([[full, well, start(2e9, 'n1')]]);
});

test('a changed schedule keeps each fault with its repair, within the run, on nodes that there are', () => {
  const random = randomOf('mutations');
  const changed = Array.from({ length: 500 }, () => mutate(SCHEDULE, [cut(7e9), heal(8e9)], spec, random));
  expect(new Set(changed.map((schedule) => JSON.stringify(schedule))).size).toBeGreaterThan(300);
  for (const schedule of changed) {
    for (const [fault, ...repairs] of episodesOf(schedule)) {
      expect(fault.at).toBeGreaterThanOrEqual(0);
      expect(fault.at).toBeLessThan(spec.timeLimit);
      expect(repairs).toHaveLength(1);
      if ('node' in fault) expect(['n1', 'n2', 'n3', 'n4', 'n5']).toContain(fault.node);
    }
    expect(schedule).toEqual([...schedule].sort((a, b) => a.at - b.at));
  }
});

test('the same stream of chance makes the same changes', () => {
  const once = () => mutate(SCHEDULE, SCHEDULE, spec, randomOf('the same'));
  expect(once()).toEqual(once());
});

test('no more than a minority dies for ever, and the errors of one clock do not add up', () => {
  const forever = ['n1', 'n2', 'n3', 'n1'].map(
    (node, i) => [{ ...kill(i * 1e9, node), forever: true }] as const,
  );
  expect(withinModel(forever, spec)).toEqual(forever.slice(0, 2));
  const bounded: TestSpec = { ...spec, model: { ...spec.model, clockError: 1e6 } };
  const step = (at: number, node: string) =>
    [
      { at, kind: 'clock/step', node, by: 1e6 },
      { at: at + 2e9, kind: 'clock/reset', node },
    ] as const;
  const steps = [step(1e9, 'n1'), step(2e9, 'n1'), step(2e9, 'n2'), step(4e9, 'n1')];
  expect(withinModel(steps, bounded)).toEqual([steps[0], steps[2], steps[3]]);
  expect(withinModel(steps, spec)).toHaveLength(4);
});

test('in a byzantine model what nodes do by themselves stays with them', () => {
  const lying: TestSpec = { ...spec, model: { ...spec.model, nodes: 'byzantine' } };
  const random = randomOf('byzantine');
  for (let i = 0; i < 300; i++)
    for (const fault of mutate([kill(1e9, 'n1'), cut(2e9)], [kill(3e9, 'n2')], lying, random))
      if ('node' in fault) expect(fault.node).toBe('n1');
});
