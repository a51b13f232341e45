import { expect, test } from 'vitest';
import { LIES, type Lie } from '../../src/faults/lie.ts';
import { MILLISECOND } from '../../src/world/nanos.ts';
import { randomOf } from '../../src/world/random.ts';
import { isAuthentic, type Signed, sign } from '../../src/world/signature.ts';
import { inWorld, sleep, toyWorld } from './toy.ts';

type Message = Signed<{ n: number; order: string }>;

/** n1 sends 200 signed orders to each of three others, which keep what they get. Gives what each got, in order. */
async function orders(lies: readonly Lie[] | null, share = 1, seed = 1) {
  const got: Record<string, Message[]> = { n2: [], n3: [], n4: [] };
  let n = 0;
  const { world } = toyWorld(
    4,
    (c) => ({
      onStart: () => {
        if (c.id === 'n1') c.setTimer('next', MILLISECOND);
      },
      onTimer() {
        const message: Message = sign(c.id, { n, order: n % 2 === 0 ? 'attack' : 'retreat' });
        for (const peer of c.peers) c.send(peer, message);
        if (++n < 200) c.setTimer('next', 10 * MILLISECOND);
      },
      onMessage(_, message) {
        got[c.id]!.push(message as Message);
      },
    }),
    { random: randomOf(`lies ${seed}`) },
  );
  await inWorld(world, async () => {
    if (lies !== null) await world.inject({ kind: 'process/lie', node: 'n1', lies, share });
    await sleep(world, 3000 * MILLISECOND);
  });
  return got;
}

const truths = (messages: readonly Message[]) =>
  messages.filter(({ signed }, i) => signed.n === i && signed.order === (i % 2 === 0 ? 'attack' : 'retreat'));

test('a liar that says nothing keeps its messages from all or from some', async () => {
  const { n2, n3 } = await orders(['silence']);
  expect(n2!.length).toBeGreaterThan(20);
  expect(n2!.length).toBeLessThan(100);
  const numbers = (messages: readonly Message[]) => new Set(messages.map(({ signed }) => signed.n));
  const both = [...numbers(n2!)].filter((i) => numbers(n3!).has(i));
  expect(both.length).toBeGreaterThan(0);
  expect(both.length).toBeLessThan(n2!.length);
});

test('a forger tells all the same falsehood, which looks sound and bears its signature', async () => {
  const { n2, n3, n4 } = await orders(['forge']);
  expect(n2).toEqual(n3);
  expect(n2).toEqual(n4);
  expect(truths(n2!).length).toBeLessThan(100);
  const sound = n2!.filter((message) => isAuthentic(message) && message.by === 'n1');
  expect(sound.length).toBeGreaterThan(60);
  expect(new Set(n2!.map(({ signed }) => signed.order))).toEqual(new Set(['attack', 'retreat']));
});

test('an equivocator tells some the truth and others the same falsehood', async () => {
  const { n2, n3, n4 } = await orders(['equivocate']);
  const differing = n2!.filter((message, i) => JSON.stringify(message) !== JSON.stringify(n3![i]));
  expect(differing.length).toBeGreaterThan(50);
  n2!.forEach((message, i) => {
    const said = new Set([message, n3![i], n4![i]].map((m) => JSON.stringify(m)));
    expect(said.size).toBeLessThanOrEqual(2);
  });
});

test('who replays says again what was signed before', async () => {
  const { n2 } = await orders(['replay']);
  expect(n2!.every(isAuthentic)).toBe(true);
  expect(truths(n2!).length).toBeLessThan(160);
  expect(n2!.every(({ signed }, i) => signed.n <= i)).toBe(true);
});

test('a liar lies about its share of messages, another node about none', async () => {
  const { n2 } = await orders(['forge'], 0.1);
  expect(truths(n2!).length).toBeGreaterThan(160);
  expect(truths(n2!).length).toBeLessThan(200);
  const honest = await orders(null);
  expect(truths(honest.n2!)).toHaveLength(200);
});

test('the same seed lies alike, another one otherwise', async () => {
  expect(await orders(LIES, 0.5, 1)).toEqual(await orders(LIES, 0.5, 1));
  expect(await orders(LIES, 0.5, 1)).not.toEqual(await orders(LIES, 0.5, 2));
});

test("a liar can't make another's signature, and lies no longer once it is healed", async () => {
  const relayed: unknown[] = [];
  const { world } = toyWorld(3, (c) => ({
    onStart: () => {
      if (c.id === 'n1') c.setTimer('next', MILLISECOND);
    },
    onTimer() {
      c.send('n2', sign('n1', relayed.length));
      c.setTimer('next', 10 * MILLISECOND);
    },
    onMessage(_, message) {
      if (c.id === 'n2') c.send('n3', message);
      else relayed.push(message);
    },
  }));
  await inWorld(world, async () => {
    await world.inject({ kind: 'process/lie', node: 'n2', lies: ['forge'], share: 1 });
    await sleep(world, 500 * MILLISECOND);
    expect(relayed.length).toBeGreaterThan(20);
    expect(relayed.some(isAuthentic)).toBe(false);
    await world.healAll();
    relayed.length = 0;
    await sleep(world, 500 * MILLISECOND);
    expect(relayed.slice(1).every(isAuthentic)).toBe(true);
  });
});

test('bytes are forged too, and a message without content stays as it is', async () => {
  const got: unknown[] = [];
  const { world } = toyWorld(2, (c) => ({
    onStart: () => {
      if (c.id === 'n1') c.setTimer('next', MILLISECOND);
    },
    onTimer() {
      c.send('n2', new Uint8Array([1, 2, 3]));
      c.send('n2', {});
    },
    onMessage: (_, message) => {
      got.push(message);
    },
  }));
  await inWorld(world, async () => {
    await world.inject({ kind: 'process/lie', node: 'n1', lies: ['forge'], share: 1 });
    await sleep(world, 100 * MILLISECOND);
  });
  expect(got[0]).toHaveLength(3);
  expect(got[0]).not.toEqual(new Uint8Array([1, 2, 3]));
  expect(got[1]).toEqual({});
});
