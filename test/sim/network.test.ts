import { expect, test } from 'vitest';
import type { Fault } from '../../src/faults/fault.ts';
import { MILLISECOND, SECOND } from '../../src/world/nanos.ts';
import { inWorld, sleep, toyWorld } from './toy.ts';

/** n1 sends `count` numbered messages to n2, one a millisecond, under faults and after one that comes later; what n2 gets, with its times. */
async function received(
  count: number,
  faults: readonly Fault[],
  message = (i: number): unknown => ({ i }),
  later?: { readonly after: number; readonly fault: Fault },
) {
  const got: { message: unknown; sent: number; at: number }[] = [];
  const { world } = toyWorld(3, (c) => {
    let i = 0;
    return {
      onStart: () => {
        if (c.id === 'n1') c.setTimer('send', MILLISECOND);
      },
      onTimer: () => {
        c.send('n2', message(i++));
        if (i < count) c.setTimer('send', MILLISECOND);
      },
      onMessage: (_, m) => {
        got.push({
          message: m,
          sent: ((m as { i?: number }).i ?? 0) * MILLISECOND + MILLISECOND,
          at: c.monotonic(),
        });
      },
    };
  });
  await inWorld(world, async () => {
    for (const fault of faults) await world.inject(fault);
    if (later !== undefined) {
      await sleep(world, later.after);
      await world.inject(later.fault);
    }
    await sleep(world, 20 * SECOND);
  });
  return got;
}

const numbers = (got: { message: unknown }[]) => got.map(({ message }) => (message as { i: number }).i);
const link = [['n1', 'n2']] as const;

test('a healthy link delivers every message once, in order, within some milliseconds', async () => {
  const got = await received(500, []);
  expect(numbers(got)).toEqual(Array.from({ length: 500 }, (_, i) => i));
  for (const { sent, at } of got) expect(at - sent).toBeLessThan(10 * MILLISECOND);
});

test('a cut swallows what is sent one way and leaves the other way alone', async () => {
  expect(await received(50, [{ kind: 'network/cut', grudge: { n2: ['n1'] }, mode: 'drop' }])).toEqual([]);
  expect(await received(50, [{ kind: 'network/cut', grudge: { n1: ['n2'] }, mode: 'drop' }])).toHaveLength(
    50,
  );
});

test('cuts add up, and healing one grudge leaves the others', async () => {
  const both: Fault[] = [
    { kind: 'network/cut', grudge: { n2: ['n1'] }, mode: 'drop' },
    { kind: 'network/cut', grudge: { n3: ['n1'] }, mode: 'drop' },
  ];
  expect(await received(20, [...both, { kind: 'network/heal', grudge: { n3: ['n1'] } }])).toHaveLength(0);
  expect(await received(20, [...both, { kind: 'network/heal', grudge: { n2: ['n1'] } }])).toHaveLength(20);
  expect(await received(20, [...both, { kind: 'network/heal' }])).toHaveLength(20);
});

test('what a slow link holds up comes in order when the link is healed, and holds up nothing that follows', async () => {
  const slow = { latency: { base: 10 * SECOND, tail: 10 * SECOND }, bandwidth: 10 };
  const got = await received(100, [{ kind: 'network/shape', links: link, policy: slow }], undefined, {
    after: 50.5 * MILLISECOND,
    fault: { kind: 'network/unshape', links: link },
  });
  expect(numbers(got)).toEqual(Array.from({ length: 100 }, (_, i) => i));
  expect(got[0]!.at).toBeGreaterThan(50.5 * MILLISECOND);
  expect(got[49]!.at).toBeLessThan(52 * MILLISECOND);
  expect(got.at(-1)!.at).toBeLessThan(120 * MILLISECOND);
});

test('loss takes about the share of messages that it names', async () => {
  const got = await received(2000, [{ kind: 'network/shape', links: link, policy: { loss: 0.3 } }]);
  expect(got.length).toBeGreaterThan(1300);
  expect(got.length).toBeLessThan(1500);
});

test('duplication brings messages twice and loses none', async () => {
  const got = await received(1000, [{ kind: 'network/shape', links: link, policy: { duplicate: 0.5 } }]);
  expect(new Set(numbers(got)).size).toBe(1000);
  expect(got.length).toBeGreaterThan(1400);
  expect(got.length).toBeLessThan(1600);
});

test('reordering lets later messages overtake earlier ones and loses none', async () => {
  const order = numbers(
    await received(1000, [{ kind: 'network/shape', links: link, policy: { reorder: 0.2 } }]),
  );
  expect(order).not.toEqual([...order].sort((a, b) => a - b));
  expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 1000 }, (_, i) => i));
});

test('delay adds to every message and keeps the order', async () => {
  const policy = { latency: { base: 50 * MILLISECOND, tail: 20 * MILLISECOND } };
  const got = await received(200, [{ kind: 'network/shape', links: link, policy }]);
  expect(numbers(got)).toEqual(Array.from({ length: 200 }, (_, i) => i));
  for (const { sent, at } of got) expect(at - sent).toBeGreaterThanOrEqual(50 * MILLISECOND);
});

test('bandwidth makes messages queue behind each other', async () => {
  const bytes = () => new Uint8Array(1000);
  const policy = { bandwidth: 100_000 };
  const got = await received(100, [{ kind: 'network/shape', links: link, policy }], bytes);
  expect(got).toHaveLength(100);
  // 100 kB at 100 kB/s, though they were sent within 0.1 s.
  expect(got.at(-1)!.at).toBeGreaterThanOrEqual(SECOND);
});

test('corruption flips one bit of byte messages and leaves the sender its own', async () => {
  const original = new Uint8Array(16);
  const shape: Fault = { kind: 'network/shape', links: link, policy: { corrupt: 0.5 } };
  const got = await received(200, [shape], () => original);
  const bits = got.map(({ message }) =>
    (message as Uint8Array).reduce((sum, byte) => sum + byte.toString(2).replaceAll('0', '').length, 0),
  );
  expect(new Set(bits)).toEqual(new Set([0, 1]));
  expect(original.every((byte) => byte === 0)).toBe(true);
});

test('a reset loses also what is under way, a drop does not', async () => {
  const slow: Fault = { kind: 'network/shape', links: link, policy: { latency: { base: SECOND, tail: 0 } } };
  const arrivals = async (mode: 'drop' | 'reset') => {
    let got = 0;
    const { world } = toyWorld(2, (c) => ({
      onTimer: () => c.send('n2', 'hello'),
      onStart: () => {
        if (c.id === 'n1') c.setTimer('send', 10 * MILLISECOND);
      },
      onMessage: () => {
        got++;
      },
    }));
    await inWorld(world, async () => {
      await world.inject(slow);
      await sleep(world, 500 * MILLISECOND);
      await world.inject({ kind: 'network/cut', grudge: { n2: ['n1'] }, mode });
      await sleep(world, 2 * SECOND);
    });
    return got;
  };
  expect(await arrivals('drop')).toBe(1);
  expect(await arrivals('reset')).toBe(0);
});

test('messages are frozen, so that no node changes what another has', async () => {
  let error: unknown;
  const { world } = toyWorld(2, (c) => ({
    onStart() {
      if (c.id !== 'n1') return;
      const message = { list: [1] };
      c.send('n2', message);
      try {
        message.list.push(2);
      } catch (e) {
        error = e;
      }
    },
  }));
  await inWorld(world, () => sleep(world, SECOND));
  expect(error).toBeInstanceOf(TypeError);
});
