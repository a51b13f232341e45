import { expect, test } from 'vitest';
import { limit } from '../../src/generator/limits.ts';
import { simulateGenerator } from '../../src/generator/simulate.ts';
import { onClients } from '../../src/generator/threads.ts';
import { set } from '../../workloads/set.ts';
import type { WorkloadOptions } from '../../workloads/workload.ts';
import { optionsFor } from './options.ts';

function invoked(options: WorkloadOptions) {
  const events = simulateGenerator(onClients(limit(500, set.generator(options))));
  return events.filter((e) => e.type === 'invoke');
}

test('every added element is unique', () => {
  const added = invoked(optionsFor(set)).filter((e) => e.f === 'add');
  expect(added.length).toBeGreaterThan(400);
  expect(new Set(added.map((e) => e.value)).size).toBe(added.length);
});

test('reads come between the adds by their share, and only where they are served', () => {
  const reads = (options: WorkloadOptions) => invoked(options).filter((e) => e.f === 'read').length;
  expect(reads(optionsFor(set))).toBeGreaterThan(25);
  expect(reads(optionsFor(set, { parameters: { reads: 0.5 } }))).toBeGreaterThan(200);
  expect(reads(optionsFor(set, { functions: ['add'] }))).toBe(0);
});

test('the finale reads the set on every node', () => {
  const events = simulateGenerator(onClients(set.finale(optionsFor(set))));
  const reads = events.filter((e) => e.type === 'invoke');
  expect(reads.map((e) => `${e.f} ${e.node}`).sort()).toEqual(['read n1', 'read n2', 'read n3']);
});

test('the checkers are those of what the system promises', () => {
  const names = (guarantees: WorkloadOptions['guarantees']) =>
    set.checkers(optionsFor(set, { guarantees })).map((checker) => checker.name);
  expect(names(['linearizable'])).toEqual(['set-full', 'stats']);
  expect(names(['eventual'])).toEqual(['convergence (safety)', 'convergence', 'stats']);
});
