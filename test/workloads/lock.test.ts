import { expect, test } from 'vitest';
import type { Op } from '../../histories/op.ts';
import type { Planned } from '../../src/generator/generator.ts';
import { limit } from '../../src/generator/limits.ts';
import { type SimulatedCompletion, simulateGenerator } from '../../src/generator/simulate.ts';
import { onClients } from '../../src/generator/threads.ts';
import { MILLISECOND } from '../../src/world/nanos.ts';
import { lock } from '../../workloads/lock.ts';
import { optionsFor } from './options.ts';

/** Locks of which each acquisition gets the next token. */
function played(outcome: (op: Planned) => SimulatedCompletion['type'] = () => 'ok'): Op[] {
  let token = 0;
  const complete = (op: Planned): SimulatedCompletion => {
    const type = outcome(op);
    const value = op.f === 'acquire' && type === 'ok' ? { token: ++token, lease: 1 } : undefined;
    return { type, value, after: 10 * MILLISECOND };
  };
  return simulateGenerator(onClients(limit(500, lock.generator(optionsFor(lock)))), { complete });
}

/** What each process asked for, one after another, as `acquire`, `write 3` or `release 3`. */
function stories(events: readonly Op[]): string[] {
  const byProcess = new Map<unknown, string[]>();
  for (const { process, type, f, value } of events) {
    if (type !== 'invoke') continue;
    const token = f === 'write' ? (value as { token: number }).token : value;
    byProcess.set(process, [...(byProcess.get(process) ?? []), f === 'acquire' ? f : `${f} ${token}`]);
  }
  return [...byProcess.values()].map((story) => story.join(', '));
}

test('who has got a lock writes with its token, then releases it', () => {
  const whole = /^(acquire(, write (\d+))*, release \d+(, |$))*(acquire(, write \d+)*)?$/;
  for (const story of stories(played())) {
    expect(story).toMatch(whole);
    for (const [, writes, released] of story.matchAll(/acquire((?:, write \d+)*), release (\d+)/g))
      expect(new Set([...(writes ?? '').matchAll(/\d+/g)].map(String))).toEqual(
        new Set(writes === '' ? [] : [released]),
      );
  }
  expect(played().filter((e) => e.type === 'invoke' && e.f === 'write').length).toBeGreaterThan(100);
});

test('who has not got a lock tries again', () => {
  const taken = played((op) => (op.f === 'acquire' ? 'fail' : 'ok'));
  expect(new Set(taken.map((e) => e.f))).toEqual(new Set(['acquire']));
});

test('a process that takes the place of another knows nothing of its lock', () => {
  const lost = stories(played((op) => (op.f === 'write' ? 'info' : 'ok')));
  expect(lost.length).toBeGreaterThan(50);
  for (const story of lost) expect(story).toMatch(/^acquire/);
});

test('the finale acquires each lock', () => {
  const events = simulateGenerator(onClients(lock.finale(optionsFor(lock))));
  const invoked = events.filter((e) => e.type === 'invoke');
  expect(invoked.map((e) => `${e.f} ${e.key}`).sort()).toEqual([
    'acquire lock0',
    'acquire lock1',
    'acquire lock2',
  ]);
});

test('the checkers are those of what the system promises', () => {
  const names = (...guarantees: ('mutual-exclusion' | 'fencing')[]) =>
    lock.checkers(optionsFor(lock, { guarantees })).map((checker) => checker.name);
  expect(names('mutual-exclusion', 'fencing')).toEqual(['lock', 'lock-fencing', 'stats']);
  expect(names('fencing')).toEqual(['lock-fencing', 'stats']);
});
