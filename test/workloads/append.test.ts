import { expect, test } from 'vitest';
import { DEFAULT_BUDGET } from '../../checkers/checker.ts';
import { historyOf } from '../../histories/builder.ts';
import type { Planned } from '../../src/generator/generator.ts';
import { limit } from '../../src/generator/limits.ts';
import { stagger } from '../../src/generator/pace.ts';
import { phases } from '../../src/generator/sequence.ts';
import { type SimulatedCompletion, simulateGenerator } from '../../src/generator/simulate.ts';
import { onClients } from '../../src/generator/threads.ts';
import { MILLISECOND } from '../../src/world/nanos.ts';
import { append } from '../../workloads/append.ts';
import { optionsFor } from './options.ts';

type Micro = [f: string, key: string, value: number | null];

function transactions(parameters: Record<string, unknown> = {}): Micro[][] {
  const generator = append.generator(optionsFor(append, { parameters }));
  const events = simulateGenerator(onClients(limit(400, generator)));
  return events.filter((e) => e.type === 'invoke').map((e) => e.value as Micro[]);
}

test('transactions have one to four micro-operations, about half of them reads', () => {
  const all = transactions();
  expect(new Set(all.map((txn) => txn.length))).toEqual(new Set([1, 2, 3, 4]));
  const micros = all.flat();
  const reads = micros.filter(([f, , value]) => f === 'r' && value === null).length;
  expect(reads / micros.length).toBeGreaterThan(0.4);
  expect(reads / micros.length).toBeLessThan(0.6);
  expect(micros.every(([f]) => f === 'r' || f === 'append')).toBe(true);
});

test('no value is appended twice to a list', () => {
  const appends = transactions()
    .flat()
    .filter(([f]) => f === 'append');
  expect(appends.length).toBeGreaterThan(300);
  expect(new Set(appends.map(([, key, value]) => `${key} ${value}`)).size).toBe(appends.length);
});

test('a full list gives way to a new one, so that few are in use at a time', () => {
  const all = transactions({ keys: 2, 'max-writes': 5 });
  const appended = new Map<string, number>();
  for (const [f, key] of all.flat()) if (f === 'append') appended.set(key, (appended.get(key) ?? 0) + 1);
  expect(Math.max(...appended.values())).toBe(5);
  expect(appended.size).toBeGreaterThan(50);
  for (let i = 0; i + 10 < all.length; i += 10) {
    const now = all.slice(i, i + 2).flat();
    expect(new Set(now.map(([, key]) => key)).size).toBeLessThan(7);
  }
});

test('the finale reads, on every node, each list that the run has touched', () => {
  const options = optionsFor(append, { parameters: { 'max-writes': 5 } });
  const generator = phases(limit(100, append.generator(options)), append.finale(options));
  const events = simulateGenerator(onClients(generator), { concurrency: 4 });
  const invoked = events.filter((e) => e.type === 'invoke');
  const touched = new Set(invoked.slice(0, 100).flatMap((e) => (e.value as Micro[]).map(([, key]) => key)));
  expect(touched.size).toBeGreaterThan(10);
  for (const node of options.nodes) {
    const reads = invoked.slice(100).filter((e) => e.node === node);
    const micros = reads.flatMap((e) => e.value as Micro[]);
    expect(micros.every(([f]) => f === 'r')).toBe(true);
    expect(micros.map(([, key]) => key).sort()).toEqual([...touched].sort());
  }
});

/** Lists that take each transaction at once and answer after 5 ms; `forget` tells which appends they lose. */
function lists(forget: (value: number | null) => boolean): (op: Planned) => SimulatedCompletion {
  const held = new Map<string, (number | null)[]>();
  return (op) => {
    const value = (op.value as Micro[]).map(([f, key, appended]) => {
      const list = held.get(key) ?? [];
      if (f === 'r') return [f, key, list];
      if (!forget(appended)) held.set(key, [...list, appended]);
      return [f, key, appended];
    });
    return { type: 'ok', value, after: 5 * MILLISECOND };
  };
}

test('its checkers pass right lists, not vacuously, and accuse lists that lose an append', () => {
  const options = optionsFor(append);
  const verdicts = (complete: (op: Planned) => SimulatedCompletion) => {
    const writes = limit(300, stagger(MILLISECOND, append.generator(options)));
    const generator = onClients(phases(writes, append.finale(options)));
    const history = historyOf(simulateGenerator(generator, { concurrency: 4, complete }));
    return append.checkers(options).map((checker) => checker.check(history, { budget: DEFAULT_BUDGET }));
  };
  const right = verdicts(lists(() => false));
  expect(right.map(({ checker }) => checker)).toEqual(['list-append', 'stats']);
  for (const verdict of right) expect(verdict).toMatchObject({ valid: true, vacuous: [] });
  expect(verdicts(lists((value) => value === 7))[0]!.valid).toBe(false);
});
