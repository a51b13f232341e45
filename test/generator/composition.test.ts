import { expect, test } from 'vitest';
import type { Op } from '../../histories/op.ts';
import { any, flipFlop, mix, swarm } from '../../src/generator/choice.ts';
import { concurrentKeys } from '../../src/generator/concurrent-keys.ts';
import type { Generator } from '../../src/generator/generator.ts';
import { limit, timeLimit } from '../../src/generator/limits.ts';
import { once, operations, repeat } from '../../src/generator/operations.ts';
import { delay, sleep, stagger } from '../../src/generator/pace.ts';
import { andThen, cycle, phases, sequence, synchronize } from '../../src/generator/sequence.ts';
import { type SimulateOptions, simulateGenerator } from '../../src/generator/simulate.ts';
import { eachThread, onClients, onNemesis, onThreads, reserve } from '../../src/generator/threads.ts';
import { untilOk } from '../../src/generator/until-ok.ts';
import { MILLISECOND, SECOND } from '../../src/world/nanos.ts';
import { randomOf } from '../../src/world/random.ts';
import { functionsOf, invocations } from './invocations.ts';

const op = (f: string) => ({ f, value: null });

/** Every operation takes 10 ms, but those of function `slow` one second. */
const SLOW: SimulateOptions = {
  complete: ({ f }) => ({ type: 'ok', after: f === 'slow' ? SECOND : 10 * MILLISECOND }),
};

const timeOf = (events: readonly Op[], f: string) => invocations(events).find((e) => e.f === f)!.time;

test('sequence goes on at once, phases and andThen wait for what is open', () => {
  const parts = () => [once(op('slow')), once(op('next'))] as const;
  expect(timeOf(simulateGenerator(sequence(...parts()), SLOW), 'next')).toBe(0);
  expect(timeOf(simulateGenerator(phases(...parts()), SLOW), 'next')).toBe(SECOND);
  expect(timeOf(simulateGenerator(andThen(...parts()), SLOW), 'next')).toBe(SECOND);
});

test('synchronize waits only for the threads that it may use', () => {
  const generator = sequence(onNemesis(once(op('slow'))), onClients(synchronize(once(op('next')))));
  expect(timeOf(simulateGenerator(generator, SLOW), 'next')).toBe(0);
});

test('a sleeping phase keeps the world quiet', () => {
  const generator = phases(once(op('a')), sleep(SECOND), once(op('b')));
  expect(timeOf(simulateGenerator(generator), 'b')).toBe(SECOND + 10 * MILLISECOND);
});

test('cycle begins anew, so many times', () => {
  const generator = cycle(() => sequence(once(op('a')), once(op('b'))), 3);
  expect(functionsOf(simulateGenerator(generator))).toEqual(['a', 'b', 'a', 'b', 'a', 'b']);
});

test('cycle ends with a generator that gives nothing rather than spin', () => {
  expect(simulateGenerator(cycle(() => limit(0, repeat(op('a')))))).toEqual([]);
});

test('cycle may wait between its rounds', () => {
  const generator = limit(
    3,
    cycle(() => sequence(once(op('a')), sleep(SECOND))),
  );
  expect(invocations(simulateGenerator(generator)).map((e) => e.time)).toEqual([0, SECOND, 2 * SECOND]);
});

test('mix draws each about equally often and ends when all are done', () => {
  const generator = mix(
    limit(300, repeat(op('a'))),
    limit(300, repeat(op('b'))),
    limit(300, repeat(op('c'))),
  );
  const fs = functionsOf(simulateGenerator(generator));
  expect(fs.length).toBe(900);
  for (const f of ['a', 'b', 'c']) expect(fs.slice(0, 300).filter((g) => g === f).length).toBeGreaterThan(70);
});

test('any takes whichever is ready first', () => {
  const bs = sequence(sleep(100 * MILLISECOND), delay(400 * MILLISECOND, repeat(op('b'))));
  const generator = timeLimit(850 * MILLISECOND, any(delay(300 * MILLISECOND, repeat(op('a'))), bs));
  const events = invocations(simulateGenerator(generator));
  expect(events.map((e) => `${e.f} ${e.time / MILLISECOND}`)).toEqual([
    'a 0',
    'b 100',
    'a 300',
    'b 500',
    'a 600',
  ]);
});

test('any starves neither of two that are always ready', () => {
  const fs = functionsOf(simulateGenerator(limit(400, any(repeat(op('a')), repeat(op('b'))))));
  expect(fs.filter((f) => f === 'a').length).toBeGreaterThan(140);
  expect(fs.filter((f) => f === 'b').length).toBeGreaterThan(140);
});

test('flipFlop takes turns and ends with the first that is done', () => {
  const generator = flipFlop(repeat(op('a')), limit(2, repeat(op('b'))));
  expect(functionsOf(simulateGenerator(generator))).toEqual(['a', 'b', 'a', 'b', 'a']);
});

test('swarm drops a different part of its generators for each seed, never all', () => {
  const kinds = ['a', 'b', 'c', 'd'];
  const drawn = Array.from({ length: 30 }, (_, seed) => {
    const generator = limit(40, swarm(...kinds.map((f) => repeat(op(f)))));
    const events = simulateGenerator(generator, { random: randomOf(seed) });
    return [...new Set(functionsOf(events))].sort().join('');
  });
  expect(new Set(drawn).size).toBeGreaterThan(6);
  expect(drawn.every((d) => d.length > 0)).toBe(true);
  expect(drawn.some((d) => d.length < 4)).toBe(true);
});

test('onClients and onNemesis keep to their threads', () => {
  const generator = any(onClients(limit(9, repeat(op('c')))), onNemesis(limit(3, repeat(op('n')))));
  const events = invocations(simulateGenerator(generator));
  expect(events.filter((e) => e.process === 'nemesis').map((e) => e.f)).toEqual(['n', 'n', 'n']);
  expect(events.filter((e) => e.process !== 'nemesis').map((e) => e.f)).toEqual(Array(9).fill('c'));
});

test('a generator observes only the threads that it may use', () => {
  const seen: unknown[] = [];
  const spy: Generator = { ...limit(4, repeat(op('c'))), observe: (event) => seen.push(event.process) };
  const generator = any(
    onThreads((thread) => thread === 1, spy),
    onNemesis(limit(3, repeat(op('n')))),
  );
  simulateGenerator(generator, { complete: () => ({ type: 'info', after: 1 }) });
  // Process numbers of thread 1 of three, after each info.
  expect(seen).toEqual([1, 1, 4, 4, 7, 7, 10, 10]);
});

test('eachThread gives every thread a generator of its own', () => {
  const generator = onClients(
    eachThread((thread) => sequence(once(op(`a${thread}`)), once(op(`b${thread}`)))),
  );
  const events = simulateGenerator(generator);
  for (const thread of [0, 1, 2])
    expect(functionsOf(events.filter((e) => e.process === thread))).toEqual([`a${thread}`, `b${thread}`]);
});

test('eachThread tells each generator only of its own thread', () => {
  const generator = onClients(eachThread(() => untilOk(limit(3, repeat(op('a'))))));
  const events = simulateGenerator(generator, {
    complete: ({ thread }) => ({ type: thread === 0 ? 'ok' : 'fail', after: MILLISECOND }),
  });
  const count = (thread: number) => invocations(events).filter((e) => e.process === thread).length;
  expect([count(0), count(1), count(2)]).toEqual([1, 3, 3]);
});

test('reserve sets threads aside', () => {
  const generator = onClients(
    timeLimit(
      SECOND,
      reserve(
        [
          [2, repeat(op('write'))],
          [1, repeat(op('cas'))],
        ],
        repeat(op('read')),
      ),
    ),
  );
  const events = invocations(simulateGenerator(generator, { concurrency: 5 }));
  const expected = ['write', 'write', 'cas', 'read', 'read'];
  for (const e of events) expect(e.f).toBe(expected[e.process as number]);
  expect(new Set(events.map((e) => e.process)).size).toBe(5);
});

test('concurrentKeys works on so many keys at a time, each on a team of threads of its own', () => {
  const keys = ['x0', 'x1', 'x2', 'x3', 'x4'];
  const generator = onClients(concurrentKeys(2, keys, () => limit(10, repeat(op('a')))));
  const events = simulateGenerator(generator, { concurrency: 5 });
  for (const key of keys) {
    const ops = invocations(events).filter((e) => e.key === key);
    expect(ops.length).toBe(10);
    expect(new Set(ops.map((e) => Math.floor((e.process as number) / 2))).size).toBe(1);
  }
  const first = new Set(events.slice(0, 5).map((e) => e.key));
  expect(first.size).toBe(3);
});

test('concurrentKeys tells the generator of a key only of that key', () => {
  const seen = new Map<unknown, Set<unknown>>();
  const generator = onClients(
    concurrentKeys(1, ['x0', 'x1', 'x2', 'x3'], (key) => {
      seen.set(key, new Set());
      return { ...limit(3, repeat(op('a'))), observe: (event) => seen.get(key)!.add(event.key) };
    }),
  );
  simulateGenerator(generator, { concurrency: 2 });
  expect([...seen].every(([key, keys]) => keys.size === 1 && keys.has(key))).toBe(true);
});

test('the generators of later phases observe the earlier ones', () => {
  const written: unknown[] = [];
  const summary: Generator = {
    next: (context) => reads.next(context),
    observe(event) {
      if (event.type === 'ok' && event.f === 'write') written.push(event.value);
    },
  };
  const reads = once({ f: 'read', value: null });
  let n = 0;
  const writes = limit(
    3,
    operations(() => ({ f: 'write', value: ++n })),
  );
  simulateGenerator(phases(writes, summary));
  expect(written.toSorted()).toEqual([1, 2, 3]);
});

test('the same seed gives the same history, another seed another', () => {
  const run = (seed: number) => {
    const clients = onClients(
      stagger(
        5 * MILLISECOND,
        mix(
          repeat(op('a')),
          eachThread(() => repeat(op('b'))),
          reserve([[1, repeat(op('c'))]], repeat(op('d'))),
        ),
      ),
    );
    const nemesis = onNemesis(stagger(SECOND, swarm(repeat(op('x')), repeat(op('y')))));
    return simulateGenerator(timeLimit(5 * SECOND, any(clients, nemesis)), { random: randomOf(seed) });
  };
  expect(run(1)).toEqual(run(1));
  expect(run(1)).not.toEqual(run(2));
});
