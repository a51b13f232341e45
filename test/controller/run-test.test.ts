import { expect, test } from 'vitest';
import type { Op } from '../../histories/op.ts';
import { runTest, type TestPlan } from '../../src/controller/run-test.ts';
import type { Generator } from '../../src/generator/generator.ts';
import { limit } from '../../src/generator/limits.ts';
import { once, operations, repeat } from '../../src/generator/operations.ts';
import { delay, sleep } from '../../src/generator/pace.ts';
import { cycle, sequence } from '../../src/generator/sequence.ts';
import { MILLISECOND, SECOND } from '../../src/world/nanos.ts';
import { randomOf } from '../../src/world/random.ts';
import { type FakeOptions, FakeWorld } from './fake-world.ts';

const READ = { f: 'read', value: null };
const NO_FINALE: Generator = { next: () => 'done' };
const IN_1_MS = { after: MILLISECOND, completion: { type: 'ok' } } as const;

const PLAN = {
  workload: repeat(READ),
  finale: NO_FINALE,
  nemesis: null,
  concurrency: 2,
  rate: 10,
  timeLimit: SECOND,
  recovery: 0,
  settle: SECOND,
  timeout: 5 * SECOND,
  random: randomOf(1),
} satisfies Omit<TestPlan, 'world'>;

async function run(plan: Partial<TestPlan>, fake: FakeOptions = {}) {
  const world = new FakeWorld(fake);
  const { history, artifacts } = await runTest({ ...PLAN, world, ...plan });
  const events = [...history];
  return { world, history, artifacts, events, clients: events.filter((e) => e.process !== 'nemesis') };
}

const types = (events: readonly Op[]) => events.map((e) => e.type);

test('the phases follow one another: faults, heal, settle, final reads', async () => {
  const nemesis = sequence(sleep(200 * MILLISECOND), once({ f: 'network/heal', value: {} }));
  const finale = limit(2, repeat({ f: 'final', value: null }));
  const { world, events } = await run({ nemesis, finale });
  const heal = events.filter((e) => e.f === 'heal');
  expect(types(heal)).toEqual(['invoke', 'info']);
  const reads = events.filter((e) => e.f === 'read');
  const finals = events.filter((e) => e.f === 'final');
  expect(reads.length).toBeGreaterThan(8);
  expect(reads.at(-1)!.time).toBeLessThanOrEqual(heal[0]!.time);
  expect(heal[0]!.time).toBeGreaterThanOrEqual(SECOND);
  expect(heal[0]!.time).toBeLessThan(SECOND + 2 * MILLISECOND);
  expect(finals.length).toBe(4);
  expect(finals[0]!.time).toBe(heal[1]!.time + SECOND);
  expect(world.diary).toEqual([
    'start',
    `network/heal at ${200 * MILLISECOND}`,
    `heal at ${heal[0]!.time}`,
    'stop',
  ]);
});

test('after the healing clients go on where they were, for as long as is asked', async () => {
  let n = 0;
  const { events } = await run({
    workload: operations(() => ({ f: 'write', value: ++n })),
    nemesis: sequence(sleep(200 * MILLISECOND), once({ f: 'network/heal', value: {} })),
    recovery: 2 * SECOND,
    rate: 100,
    finale: once({ f: 'final', value: null }),
  });
  const healed = events.find((e) => e.f === 'heal' && e.type === 'info')!;
  const late = events.filter((e) => e.type === 'invoke' && e.f === 'write' && e.time >= healed.time);
  expect(late.length).toBeGreaterThan(100);
  expect(late.at(-1)!.time).toBeLessThan(healed.time + 2 * SECOND);
  const written = events.filter((e) => e.type === 'invoke' && e.f === 'write').map(({ value }) => value);
  expect(written).toEqual(written.map((_, i) => i + 1));
  const final = events.find((e) => e.f === 'final')!;
  expect(final.time).toBeGreaterThanOrEqual(healed.time + 3 * SECOND);
});

test('operations come at the rate of all clients together', async () => {
  const { clients } = await run({ rate: 100, timeLimit: 30 * SECOND, concurrency: 10 });
  const invocations = clients.filter((e) => e.type === 'invoke').length;
  expect(invocations).toBeGreaterThan(2_800);
  expect(invocations).toBeLessThan(3_200);
});

test('a thread first runs the process of its own number, and each info moves it on by the concurrency', async () => {
  const { world, clients } = await run(
    { concurrency: 3, workload: limit(12, repeat(READ)), timeLimit: 10 * SECOND },
    {
      invoke: (_, process) => ({
        after: MILLISECOND,
        completion: { type: process % 3 === 1 ? 'info' : 'ok' },
      }),
    },
  );
  const processes = new Set(clients.map((e) => e.process as number));
  const onThread1 = [...processes].filter((p) => p % 3 === 1);
  expect(onThread1.length).toBeGreaterThan(2);
  expect(onThread1).toEqual(onThread1.map((_, i) => 1 + 3 * i));
  expect([...processes].filter((p) => p % 3 !== 1).sort()).toEqual([0, 2]);
  for (const p of onThread1) {
    expect(types(clients.filter((e) => e.process === p))).toEqual(['invoke', 'info']);
    expect(world.clients.filter((c) => c.process === p)).toMatchObject([{ operations: 1, closed: true }]);
  }
});

test('clients stay with the node of their thread, also after an info, and an operation may say otherwise', async () => {
  const drafts = operations(({ random }) => (random.chance(0.3) ? { ...READ, node: 'n3' } : READ));
  const { clients, world } = await run(
    { concurrency: 5, workload: limit(60, drafts), timeLimit: 60 * SECOND },
    { invoke: (_, process) => ({ after: 1, completion: { type: process < 5 ? 'info' : 'ok' } }) },
  );
  const visitors = clients.filter((e) => e.node === 'n3' && (e.process as number) % 5 !== 2);
  expect(visitors.length).toBeGreaterThan(4);
  for (const e of clients) expect([`n${(((e.process as number) % 5) % 3) + 1}`, 'n3']).toContain(e.node);
  expect(new Set(world.clients.map((c) => c.node)).size).toBe(3);
});

test('an operation without an answer becomes info after the time-out, and its late answer is ignored', async () => {
  const { world, clients } = await run(
    {
      concurrency: 1,
      workload: limit(2, repeat(READ)),
      timeout: 300 * MILLISECOND,
      timeLimit: 5 * SECOND,
      rate: 1000,
    },
    {
      invoke: (_, process) =>
        process === 0 ? { after: 400 * MILLISECOND, completion: { type: 'ok', value: 'late' } } : IN_1_MS,
    },
  );
  expect(clients).toMatchObject([
    { process: 0, type: 'invoke', time: 0 },
    { process: 0, type: 'info', time: 300 * MILLISECOND, error: 'timeout', value: null },
    { process: 1, type: 'invoke', time: 300 * MILLISECOND },
    { process: 1, type: 'ok', time: 301 * MILLISECOND },
  ]);
  expect(world.clients[0]!.closed).toBe(true);
});

test('an operation that begins just before the end is waited for', async () => {
  const { events } = await run(
    {
      rate: 1000,
      concurrency: 1,
      workload: limit(1, repeat(READ)),
      timeLimit: 10 * MILLISECOND,
      timeout: SECOND,
    },
    { invoke: () => 'never' },
  );
  expect(events.map((e) => [e.f, e.type, e.time / MILLISECOND])).toEqual([
    ['read', 'invoke', 0],
    ['read', 'info', 1000],
    ['heal', 'invoke', 1000],
    ['heal', 'info', 1000],
  ]);
});

test('a client that rejects leaves the outcome unknown, with its message', async () => {
  const { clients } = await run(
    { concurrency: 1, workload: once(READ) },
    { invoke: () => ({ after: MILLISECOND, reject: 'socket hang up' }) },
  );
  expect(clients[1]).toMatchObject({ type: 'info', error: 'socket hang up', value: null });
});

test('a client that throws before it promises anything leaves the outcome unknown', async () => {
  const { clients } = await run(
    { concurrency: 1, workload: once(READ) },
    {
      invoke: () => {
        throw new Error('broken client');
      },
    },
  );
  expect(clients[1]).toMatchObject({ type: 'info', error: 'broken client' });
});

test('without a connection an operation surely fails, and the process tries again with a new client', async () => {
  const { world, clients } = await run(
    { concurrency: 1, workload: limit(2, delay(500 * MILLISECOND, repeat(READ))) },
    { open: (_node, _process, time) => (time === 0 ? 'refused' : 'ok') },
  );
  expect(clients).toMatchObject([
    { process: 0, type: 'invoke' },
    { process: 0, type: 'fail', error: 'no-connection', time: 0 },
    { process: 0, type: 'invoke' },
    { process: 0, type: 'ok' },
  ]);
  expect(world.clients).toMatchObject([
    { process: 0, operations: 0, closed: true },
    { process: 0, operations: 1 },
  ]);
});

test('a connection that never comes about is a failure, since nothing was sent', async () => {
  const { world, clients } = await run(
    { concurrency: 1, workload: once(READ), timeout: 100 * MILLISECOND },
    { open: () => 'never' },
  );
  expect(clients[1]).toMatchObject({ type: 'fail', error: 'no-connection', time: 100 * MILLISECOND });
  expect(world.clients).toMatchObject([{ operations: 0, closed: true }]);
});

test("a completion's value and error stand in the history; without a value the invocation's does", async () => {
  const outcomes = [
    { type: 'ok', value: 7 },
    { type: 'fail', error: 'mismatch' },
    { type: 'ok', node: 'n3' },
  ] as const;
  let i = 0;
  const cas = { f: 'cas', key: 'x0', value: [1, 2] };
  const { clients } = await run(
    { concurrency: 1, workload: limit(3, repeat(cas)) },
    { invoke: () => ({ after: 1, completion: outcomes[i++]! }) },
  );
  expect(clients[1]).toMatchObject({ type: 'ok', value: 7, key: 'x0', node: 'n1' });
  expect(clients[3]).toMatchObject({ type: 'fail', value: [1, 2], error: 'mismatch', key: 'x0' });
  // A client that turned to another node says so.
  expect([clients[4]!.node, clients[5]!.node]).toEqual(['n1', 'n3']);
});

test('each fault stands in the history with its parameters and with what the world answered', async () => {
  const cut = { grudge: { n1: ['n2'] }, mode: 'drop' };
  const nemesis = sequence(
    once({ f: 'network/cut', value: cut }),
    once({ f: 'process/kill', value: { node: 'n1' } }),
    once({ f: 'clock/reset', value: { node: 'n2' } }),
  );
  const { events } = await run(
    { nemesis },
    {
      inject: async (fault) => {
        if (fault.kind === 'clock/reset') throw new Error('no such clock');
        return fault.kind === 'process/kill' ? 'killed' : undefined;
      },
    },
  );
  const faults = events.filter((e) => e.process === 'nemesis' && e.f !== 'heal');
  expect(faults.map(({ type, f, value, error }) => [type, f, value, error])).toEqual([
    ['invoke', 'network/cut', cut, undefined],
    ['info', 'network/cut', null, undefined],
    ['invoke', 'process/kill', { node: 'n1' }, undefined],
    ['info', 'process/kill', 'killed', undefined],
    ['invoke', 'clock/reset', { node: 'n2' }, undefined],
    ['info', 'clock/reset', { node: 'n2' }, 'no such clock'],
  ]);
});

test('the world is given whole faults', async () => {
  const given: unknown[] = [];
  const nemesis = once({ f: 'clock/step', value: { node: 'n1', by: 5 } });
  await run({ nemesis }, { inject: async (fault) => given.push(fault) });
  expect(given).toEqual([{ kind: 'clock/step', node: 'n1', by: 5 }]);
});

test('a stop heals and stops the world, and skips the rest', async () => {
  const heard: string[] = [];
  const { world, events } = await run(
    {
      rate: 100,
      finale: once({ f: 'final', value: null }),
      onEvent(event) {
        heard.push(`${event.f} ${event.type}`);
        return event.index === 20 ? 'stop' : undefined;
      },
    },
    { invoke: (_, process) => (process === 1 ? 'never' : IN_1_MS) },
  );
  expect(events.slice(21).map((e) => `${e.f} ${e.type}`)).toEqual(['heal invoke', 'heal info']);
  expect(heard.length).toBe(events.length);
  expect(world.diary.length).toBe(3);
  expect(world.diary[1]).toBe(`heal at ${events.at(-1)!.time}`);
  expect(world.now()).toBeLessThan(SECOND);
  expect(world.clients.every((c) => c.closed)).toBe(true);
});

test('a stop waits for the fault that is being injected, so that the healing comes last', async () => {
  const world: FakeWorld = new FakeWorld({
    inject: () => new Promise((resolve) => world.after(SECOND / 2, () => resolve('killed'))),
  });
  const { history } = await runTest({
    ...PLAN,
    world,
    nemesis: once({ f: 'process/kill', value: { node: 'n1' } }),
    onEvent: (event) => (event.f === 'read' && event.type === 'ok' ? 'stop' : undefined),
  });
  const events = [...history].map((e) => [e.f, e.type, e.time / MILLISECOND]);
  expect(events.slice(-4)).toEqual([
    ['read', 'ok', 1],
    ['process/kill', 'info', 500],
    ['heal', 'invoke', 500],
    ['heal', 'info', 500],
  ]);
});

test('every event is heard as the history has it', async () => {
  const heard: Op[] = [];
  const { events } = await run({ onEvent: (event) => void heard.push(event) });
  expect(heard).toEqual(events);
});

test('a generator that can never go on ends the test with an error, and the world is stopped', async () => {
  const world = new FakeWorld();
  const stuck: Generator = { next: () => ({ pending: {} }) };
  await expect(runTest({ ...PLAN, world, finale: stuck })).rejects.toThrow('nothing is under way');
  expect(world.diary.at(-1)).toBe('stop');
});

test('a generator that uses a busy thread ends the test with an error', async () => {
  const greedy: Generator = { next: () => ({ op: { ...READ, thread: 0 } }) };
  await expect(run({ finale: greedy })).rejects.toThrow('to thread 0, which is not free');
});

test('what onEvent throws ends the test, and nothing happens after it', async () => {
  const world = new FakeWorld();
  const heard: Op[] = [];
  const onEvent = (event: Op) => {
    heard.push(event);
    if (event.index === 5) throw new Error('disk full');
  };
  await expect(runTest({ ...PLAN, world, onEvent })).rejects.toThrow('disk full');
  expect(heard.length).toBe(6);
  expect(world.diary).toEqual(['start', 'stop']);
});

test('the workload asks the same with and without a nemesis', async () => {
  const values = async (nemesis: Generator | null) => {
    const workload = operations(({ random }) => ({ f: 'write', value: random.int(1_000_000) }));
    const { clients } = await run({ workload, nemesis });
    return clients.filter((e) => e.type === 'invoke').map((e) => [e.time, e.value]);
  };
  const flapping = cycle(() => sequence(sleep(50 * MILLISECOND), once({ f: 'network/heal', value: {} })));
  expect(await values(flapping)).toEqual(await values(null));
});

test('the same plan gives the same history', async () => {
  const once = async () => {
    const random = randomOf(5);
    const latency = randomOf('latency');
    const workload = operations((context) => ({ f: 'write', value: context.random.int(1_000_000) }));
    const behave = () => {
      if (latency.chance(0.05)) return 'never' as const;
      const type = latency.pick(['ok', 'fail', 'info'] as const);
      return { after: latency.int(100 * MILLISECOND), completion: { type } };
    };
    const { events } = await run(
      { random, workload, rate: 200, timeout: 500 * MILLISECOND },
      { invoke: behave },
    );
    return events;
  };
  const first = await once();
  expect(first.length).toBeGreaterThan(50);
  expect(await once()).toEqual(first);
});

test('what the world notices stands in the history, and never between a fault and its completion', async () => {
  const world: FakeWorld = new FakeWorld({
    inject: async () => {
      world.notice({ f: 'process/exit', node: 'n2', value: { code: 1 } });
    },
  });
  world.after(100 * MILLISECOND, () => world.notice({ f: 'controller/lag', value: 7 }));
  const nemesis = sequence(sleep(200 * MILLISECOND), once({ f: 'network/heal', value: {} }), sleep(SECOND));
  const { history } = await runTest({ ...PLAN, world, nemesis });
  const events = [...history].filter((e) => e.process === 'nemesis' && e.f !== 'heal');
  expect(events.map(({ type, f, node, value }) => ({ type, f, node, value }))).toEqual([
    { type: 'info', f: 'controller/lag', node: undefined, value: 7 },
    { type: 'invoke', f: 'network/heal', node: undefined, value: {} },
    { type: 'info', f: 'network/heal', node: undefined, value: null },
    { type: 'info', f: 'process/exit', node: 'n2', value: { code: 1 } },
  ]);
  expect(history.pair[events[3]!.index]).toBe(-1);
});
