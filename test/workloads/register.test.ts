import { expect, test } from 'vitest';
import { DEFAULT_BUDGET } from '../../checkers/checker.ts';
import { historyOf } from '../../histories/builder.ts';
import type { Op } from '../../histories/op.ts';
import type { Planned } from '../../src/generator/generator.ts';
import { limit } from '../../src/generator/limits.ts';
import { stagger } from '../../src/generator/pace.ts';
import { type SimulatedCompletion, simulateGenerator } from '../../src/generator/simulate.ts';
import { onClients } from '../../src/generator/threads.ts';
import { MILLISECOND, SECOND } from '../../src/world/nanos.ts';
import { UsageError } from '../../src/world/usage-error.ts';
import { register } from '../../workloads/register.ts';
import type { WorkloadOptions } from '../../workloads/workload.ts';
import { optionsFor } from './options.ts';

/** Registers that take each operation at once and answer after 5 ms. */
function registers(): (op: Planned) => SimulatedCompletion {
  const held = new Map<unknown, unknown>();
  return ({ f, key, value }) => {
    const after = 5 * MILLISECOND;
    if (f === 'read') return { type: 'ok', value: held.get(key) ?? null, after };
    if (f === 'write' || f === 'delete') {
      held.set(key, value);
      return { type: 'ok', after };
    }
    const [from, to] = value as [unknown, unknown];
    if ((held.get(key) ?? null) !== from) return { type: 'fail', error: 'mismatch', after };
    held.set(key, to);
    return { type: 'ok', after };
  };
}

function play(options: WorkloadOptions, count = 1000): Op[] {
  const generator = onClients(limit(count, stagger(10 * MILLISECOND, register.generator(options))));
  return simulateGenerator(generator, { concurrency: options.concurrency, complete: registers() });
}

const invoked = (events: readonly Op[], f: string) => events.filter((e) => e.type === 'invoke' && e.f === f);

test('every written value is unique', () => {
  const events = play(optionsFor(register));
  const values = [
    ...invoked(events, 'write').map((e) => e.value),
    ...invoked(events, 'cas').map((e) => (e.value as unknown[])[1]),
  ];
  expect(values.length).toBeGreaterThan(300);
  expect(new Set(values).size).toBe(values.length);
});

test('most compare-and-sets succeed and some do not', () => {
  const events = play(optionsFor(register));
  const outcomes = events.filter((e) => e.f === 'cas' && e.type !== 'invoke').map((e) => e.type);
  expect(outcomes.length).toBeGreaterThan(150);
  expect(outcomes.filter((type) => type === 'ok').length / outcomes.length).toBeGreaterThan(0.6);
  expect(outcomes).toContain('fail');
});

test('operations spread over the given number of keys', () => {
  const keys = new Set(play(optionsFor(register, { parameters: { keys: 5 } })).map((e) => e.key));
  expect([...keys].sort()).toEqual(['x0', 'x1', 'x2', 'x3', 'x4']);
});

test('only functions that the system serves are used', () => {
  const events = play(optionsFor(register, { functions: ['read', 'write'] }));
  expect(new Set(events.map((e) => e.f))).toEqual(new Set(['read', 'write']));
});

test('deletions go to systems that know them', () => {
  const events = play(optionsFor(register, { functions: ['read', 'write', 'delete'] }));
  expect(invoked(events, 'delete').length).toBeGreaterThan(30);
  expect(invoked(events, 'delete').every((e) => e.value === null)).toBe(true);
});

test('the shares set the mix', () => {
  const events = play(optionsFor(register, { parameters: { reads: 8, writes: 2, cas: 0 } }));
  expect(invoked(events, 'cas').length).toBe(0);
  expect(invoked(events, 'read').length).toBeGreaterThan(740);
  expect(invoked(events, 'write').length).toBeGreaterThan(140);
});

test('a mix of nothing is refused', () => {
  const options = optionsFor(register, { functions: ['read', 'write'], parameters: { reads: 0, writes: 0 } });
  expect(() => register.generator(options)).toThrow(UsageError);
});

test('the finale reads every key on every node', () => {
  const options = optionsFor(register);
  const events = simulateGenerator(onClients(register.finale(options)), { concurrency: 4 });
  const places = invoked(events, 'read').map((e) => `${e.key} ${e.node}`);
  const expected = ['x0', 'x1', 'x2'].flatMap((key) => options.nodes.map((node) => `${key} ${node}`));
  expect(places.sort()).toEqual(expected);
});

test('what must converge is not written anew after the healing, and is read beside what is', () => {
  const eventual = optionsFor(register, { guarantees: ['eventual'] });
  const moved = register.afterHealing?.(eventual);
  const write = { f: 'write', key: 'x2', value: 7, thread: 0 } as const;
  expect(moved?.(write)).toEqual({ ...write, key: 'y2' });
  const events = simulateGenerator(onClients(register.finale(eventual)), { concurrency: 4 });
  const keys = new Set(invoked(events, 'read').map(({ key }) => key));
  expect([...keys].sort()).toEqual(['x0', 'x1', 'x2', 'y0', 'y1', 'y2']);
  expect(register.afterHealing?.(optionsFor(register, { guarantees: ['linearizable'] }))).toBeUndefined();
});

test('a final read that fails is tried again, a few times', () => {
  const tries = new Map<string, number>();
  const events = simulateGenerator(onClients(register.finale(optionsFor(register))), {
    concurrency: 4,
    complete: ({ key, node }) => {
      const place = `${key} ${node}`;
      tries.set(place, (tries.get(place) ?? 0) + 1);
      const ok = node === 'n1' || (node === 'n2' && tries.get(place) === 3);
      return { type: ok ? 'ok' : 'info', after: MILLISECOND };
    },
  });
  expect(['n1', 'n2', 'n3'].map((node) => tries.get(`x1 ${node}`))).toEqual([1, 3, 5]);
  expect(events.at(-1)!.time).toBeGreaterThan(2 * SECOND);
});

test('final reads of a dead system come to an end', () => {
  const events = simulateGenerator(
    onClients(register.finale(optionsFor(register, { parameters: { keys: 50 } }))),
    {
      concurrency: 4,
      complete: () => ({ type: 'info', error: 'timeout', after: 5 * SECOND }),
    },
  );
  expect(events.at(-1)!.time).toBeLessThan(70 * SECOND);
});

test('its checkers pass a right register, not vacuously, and accuse one that forgets', () => {
  const options = optionsFor(register);
  const right = registers();
  const forgetful = (op: Planned): SimulatedCompletion => {
    const completion = right(op);
    return op.f === 'read' && op.thread === 2 ? { ...completion, value: null } : completion;
  };
  const verdicts = (complete: (op: Planned) => SimulatedCompletion) => {
    const generator = onClients(limit(300, stagger(MILLISECOND, register.generator(options))));
    const history = historyOf(simulateGenerator(generator, { concurrency: 4, complete }));
    return register.checkers(options).map((checker) => checker.check(history, { budget: DEFAULT_BUDGET }));
  };
  for (const verdict of verdicts(right)) expect(verdict).toMatchObject({ valid: true, vacuous: [] });
  expect(verdicts(forgetful)[0]!.valid).toBe(false);
});

test('the checkers are those of what the system promises', () => {
  const names = (guarantees: WorkloadOptions['guarantees']) =>
    register.checkers(optionsFor(register, { guarantees })).map((checker) => checker.name);
  expect(names(['linearizable'])).toEqual(['linearizable', 'stats']);
  expect(names(['strict-serializable'])).toEqual(['linearizable', 'stats']);
  expect(names(['eventual'])).toEqual([
    'convergence (safety)',
    'convergence',
    'session-guarantees (measured)',
    'stats',
  ]);
  expect(names(['regular', 'eventual'])).toEqual(['regular', 'convergence (safety)', 'convergence', 'stats']);
  expect(names(['causal'])).toEqual(['session-guarantees', 'causal-convergence', 'stats']);
  expect(names([])).toEqual(['stats']);
});
