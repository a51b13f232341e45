import { expect, test } from 'vitest';
import { NondeterminismError } from '../../src/sim/guard.ts';
import { SECOND } from '../../src/world/nanos.ts';
import { inWorld, sleep, toyWorld } from './toy.ts';

const calls: Record<string, () => unknown> = {
  'Date.now': () => Date.now(),
  'new Date()': () => new Date(),
  'performance.now': () => performance.now(),
  'Math.random': () => Math.random(),
  'crypto.randomUUID': () => crypto.randomUUID(),
  'process.hrtime': () => process.hrtime(),
  setTimeout: () => setTimeout(() => {}, 1),
  setInterval: () => setInterval(() => {}, 1),
  setImmediate: () => setImmediate(() => {}),
};

for (const [name, call] of Object.entries(calls)) {
  test(`a node that calls ${name} ends the run with an error that names the call and the caller`, async () => {
    const { world, request } = toyWorld(1, () => ({ onRequest: () => void call() }));
    const error = await inWorld(world, () => request('n1', null)).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(NondeterminismError);
    expect(String(error)).toContain(`${name} was called inside a simulation`);
    expect(String(error)).toContain('guard.test.ts');
  });
}

test('an async client that reads the real clock after an await is caught too', async () => {
  const { world } = toyWorld(1, () => ({}));
  const error = await inWorld(world, async () => {
    await sleep(world, SECOND);
    await Promise.resolve();
    Date.now();
  }).catch((e: unknown) => e);
  expect(error).toBeInstanceOf(NondeterminismError);
});

test('the real globals are back when a run has ended, well or badly', async () => {
  const before = [Date, Date.now, Math.random, setTimeout, performance.now];
  const { world } = toyWorld(1, () => ({}));
  await inWorld(world, () => sleep(world, SECOND));
  await expect(inWorld(toyWorld(1, () => ({})).world, () => Promise.reject(new Error('no')))).rejects.toThrow(
    'no',
  );
  expect([Date, Date.now, Math.random, setTimeout, performance.now]).toEqual(before);
  expect(Date.now()).toBeGreaterThan(0);
});

test('a run that waits for what never happens says that it has stalled', async () => {
  const { world } = toyWorld(1, () => ({}));
  await expect(inWorld(world, () => new Promise(() => {}))).rejects.toThrow('stalled');
});
