import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nemeses } from '../../nemeses/registry.ts';
import { MILLISECOND, type Nanos, SECOND } from '../../src/world/nanos.ts';
import type { AnyParameterValues, Parameter } from '../../src/world/parameters.ts';
import { Ailments } from './ailments.ts';
import { generatorOf, schedule, together, valuesOf } from './schedule.ts';

const EPISODIC = Object.keys(nemeses).filter((name) => name !== 'swarm');

/** Any value of a parameter, in the sizes that runs use. */
function anyValueOf(parameter: Parameter): fc.Arbitrary<unknown> {
  switch (parameter.type) {
    case 'duration':
      return fc.integer({ min: 1_000_000, max: 5 * SECOND });
    case 'integer':
      return fc.integer({ min: parameter.min, max: parameter.max ?? 1_000_000 });
    case 'number':
      return fc.double({ min: parameter.min ?? 0, max: parameter.max ?? 1000, noNaN: true });
    case 'probability':
      return fc.double({ min: 0, max: 1, noNaN: true });
    case 'boolean':
      return fc.boolean();
    case 'choice':
      return fc.constantFrom(...parameter.of);
    case 'choices':
      return fc.subarray([...parameter.of], { minLength: 1 });
  }
}

/** An episodic nemesis with any parameters, but so many faults only as a test has time for. */
const anySetting = fc.constantFrom(...EPISODIC).chain((name) => {
  const declared = nemeses[name]!.parameters;
  const given = Object.fromEntries(Object.entries(declared).map(([key, p]) => [key, anyValueOf(p)]));
  // Only what a crash-stop kill can do to five nodes, of which no more than five can lie.
  const fit = (values: Record<string, unknown>) => ({
    ...values,
    ...(values.restart === false ? { targets: ['one', 'leader', 'minority'] } : {}),
    ...(typeof values.liars === 'number' ? { liars: values.liars % 6 } : {}),
  });
  const interval = fc.integer({ min: SECOND / 2, max: 3 * SECOND });
  return fc.record({
    name: fc.constant(name),
    seed: fc.nat(),
    given: fc.record({ ...given, interval }).map(fit),
  });
});

test('a nemesis uses only the kinds of fault that it says it uses', () => {
  fc.assert(
    fc.property(anySetting, ({ name, seed, given }) => {
      const nemesis = nemeses[name]!;
      const uses = nemesis.uses(valuesOf(nemesis, given) as AnyParameterValues);
      for (const { fault } of schedule(name, { seed, given })) expect(uses).toContain(fault.kind);
    }),
    { numRuns: 200 },
  );
});

test('a nemesis comes to use every kind of fault that it says it uses', () => {
  for (const [name, nemesis] of Object.entries(nemeses)) {
    const seen = new Set<string>();
    for (let seed = 0; seed < 40; seed++)
      for (const { fault } of schedule(name, { seed })) seen.add(fault.kind);
    expect([...seen].sort(), name).toEqual([...nemesis.uses(valuesOf(nemesis))].sort());
  }
});

test('every fault is repaired within one and a half of its duration', () => {
  fc.assert(
    fc.property(anySetting, ({ name, seed, given }) => {
      const { duration } = valuesOf(nemeses[name]!, given) as { duration: Nanos };
      const ailments = new Ailments();
      let since = 0;
      for (const { time, fault } of schedule(name, { seed, given })) {
        const wasHealthy = ailments.open.size === 0;
        if (!wasHealthy) expect(time - since).toBeLessThanOrEqual(1.5 * duration);
        ailments.apply(fault);
        if (wasHealthy) since = time;
      }
    }),
    { numRuns: 200 },
  );
});

test('between its faults a nemesis leaves at least half of its interval', () => {
  for (const name of EPISODIC) {
    const ailments = new Ailments();
    let healthySince = 0;
    const kinds = name === 'partition' ? { kinds: 'halves' } : {};
    for (const { time, fault } of schedule(name, { given: { interval: '3s', ...kinds } })) {
      if (ailments.open.size === 0 && fault.kind !== 'process/start')
        expect(time - healthySince, name).toBeGreaterThanOrEqual(1.5 * SECOND);
      ailments.apply(fault);
      if (ailments.open.size === 0) healthySince = time;
    }
  }
});

test('the same seed gives the same schedule, another seed another', () => {
  for (const name of Object.keys(nemeses)) {
    expect(schedule(name, { seed: 5 }), name).toEqual(schedule(name, { seed: 5 }));
    expect(schedule(name, { seed: 5 }), name).not.toEqual(schedule(name, { seed: 6 }));
  }
});

test('a fault stands in its operation as function and value, with nothing left out', () => {
  const context = { random: undefined as never, nodes: [], concurrency: 1, threads: ['nemesis' as const] };
  const generator = generatorOf('partition', { given: { kinds: 'halves' } });
  const free = ['nemesis' as const];
  expect(generator.next({ ...context, time: 0, free })).toHaveProperty('pending.until');
  expect(generator.next({ ...context, time: 10 * SECOND, free })).toEqual({
    op: {
      thread: 'nemesis',
      f: 'network/cut',
      value: {
        grudge: {
          n1: ['n3', 'n4', 'n5'],
          n2: ['n3', 'n4', 'n5'],
          n3: ['n1', 'n2'],
          n4: ['n1', 'n2'],
          n5: ['n1', 'n2'],
        },
        mode: 'drop',
      },
    },
  });
});

test('a nemesis waits while its thread is busy with another fault', () => {
  const context = { random: undefined as never, nodes: [], concurrency: 1, threads: ['nemesis' as const] };
  const generator = generatorOf('kill');
  expect(generator.next({ ...context, time: 20 * SECOND, free: [] })).toEqual({ pending: {} });
});

test('together, no nemesis ends or starts a process that another one holds down', () => {
  const lasting = fc.constantFrom(0, 100 * MILLISECOND);
  fc.assert(
    fc.property(fc.nat(), lasting, (seed, after) => {
      const given = { interval: '500ms', duration: '1s' };
      const downs = new Map<string, Nanos>();
      for (const { time, fault } of together(['kill', 'disk', 'pause'], { seed, given }, after)) {
        if (fault.kind === 'process/kill' || fault.kind === 'disk/lose-unsynced') {
          expect(downs.has(fault.node)).toBe(false);
          downs.set(fault.node, time);
        } else if (fault.kind === 'process/start') {
          const since = downs.get(fault.node);
          if (since !== undefined) expect(time - since).toBeGreaterThanOrEqual(SECOND / 2);
          downs.delete(fault.node);
        }
      }
    }),
    { numRuns: 100 },
  );
});

test('nemeses of processes choose among those that no other one holds down', () => {
  const threads = ['nemesis' as const];
  const context = { random: undefined as never, nodes: [], concurrency: 1, threads, free: threads };
  for (const name of ['kill', 'pause', 'disk']) {
    const generator = generatorOf(name, { given: { targets: 'one' } });
    generator.next({ ...context, time: 0 });
    for (const node of ['n1', 'n2', 'n4', 'n5']) {
      const ended = {
        index: 0,
        time: 0,
        process: 'nemesis',
        type: 'invoke',
        f: 'process/kill',
        value: { node },
      } as const;
      generator.observe?.(ended, { ...context, time: 0 });
    }
    expect(generator.next({ ...context, time: 10 * SECOND }), name).toHaveProperty('op.value.node', 'n3');
  }
});
