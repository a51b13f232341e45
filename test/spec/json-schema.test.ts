import { expect, test } from 'vitest';
import * as z from 'zod';
import { jsonSchema } from '../../src/spec/json-schema.ts';
import { toyRegistry } from './toy-registry.ts';

const judge = (kind: 'spec' | 'campaign', data: unknown) =>
  z.fromJSONSchema(jsonSchema(kind, toyRegistry) as never).safeParse(data).success;

test('the schema for editors takes every form that Momus takes', () => {
  expect(
    judge('spec', { system: 'echo', nemeses: ['noise:loud=true', { name: 'nap' }], timeLimit: '5s' }),
  ).toBe(true);
  for (const seeds of ['1..100', 7, ['1..5', 'nightly'], 'forever', { from: 3, until: '10m' }])
    expect(judge('campaign', { systems: ['echo'], seeds })).toBe(true);
  const systems = [{ system: 'echo', eachBug: true, parameters: { words: 3 } }];
  const nemeses = ['none', 'noise,nap', [{ name: 'nap', parameters: {} }, 'noise']];
  expect(judge('campaign', { systems, workloads: 'all', nemeses, seeds: 1, stop: 'first-failure' })).toBe(
    true,
  );
  expect(judge('campaign', { systems: ['echo'], seeds: 1, explore: true })).toBe(true);
  expect(
    judge('campaign', { systems, seeds: 1, exclude: [{ workload: 'talk' }], stop: { failures: 3 } }),
  ).toBe(true);
});

test('it marks slips', () => {
  expect(judge('spec', { sistem: 'echo' })).toBe(false);
  expect(judge('spec', { model: { timing: 'sync' } })).toBe(false);
  expect(judge('campaign', { systems: ['echo'] })).toBe(false);
  expect(judge('campaign', { systems: [{ sistem: 'echo' }], seeds: 1 })).toBe(false);
  expect(judge('campaign', { systems: ['echo'], seeds: { form: 1 } })).toBe(false);
  expect(judge('campaign', { systems: ['echo'], seeds: 1, explore: 'swarm' })).toBe(false);
});

test('it offers the names of what there is', () => {
  expect(jsonSchema('spec', toyRegistry)).toMatchObject({
    properties: {
      system: { examples: ['echo', 'server', 'patient'] },
      workload: { examples: ['talk', 'whisper', 'sing'] },
    },
  });
});
