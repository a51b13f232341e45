import { expect, test } from 'vitest';
import type { Fault } from '../../src/faults/fault.ts';
import { MILLISECOND, SECOND } from '../../src/world/nanos.ts';
import { inWorld, sleep, toyWorld } from './toy.ts';

/** A node that appends what it is asked to, syncs if asked to, and shows its file. */
function diskWorld() {
  const synced: string[] = [];
  const toy = toyWorld(1, (c) => {
    const waiting: { client: string; id: number }[] = [];
    return {
      onRequest(id, query) {
        const { append, write, sync } = query as { append?: string; write?: string; sync?: boolean };
        try {
          if (append !== undefined) c.disk.append('log', append);
          if (write !== undefined) c.disk.write('log', write);
        } catch (error) {
          c.reply(id, String(error));
          return;
        }
        if (sync) {
          waiting.push(id);
          c.disk.sync('s');
        } else c.reply(id, c.disk.read('log'));
      },
      onSynced(tag, error) {
        synced.push(error === undefined ? tag : error.code);
        c.reply(waiting.shift()!, c.disk.read('log'));
      },
    };
  });
  return { ...toy, synced };
}

async function afterFault(requests: object[], ...faults: Fault[]): Promise<unknown> {
  const { world, request } = diskWorld();
  return inWorld(world, async () => {
    for (const query of requests) await request('n1', query);
    for (const fault of faults) await world.inject(fault);
    await world.inject({ kind: 'process/start', node: 'n1' });
    return request('n1', {});
  });
}

const powerLoss = (fate: 'lost' | 'prefix' | 'torn'): Fault => ({
  kind: 'disk/lose-unsynced',
  node: 'n1',
  fate,
});

test('a killed process finds all that it wrote, synced or not', async () => {
  const requests = [{ append: 'a', sync: true }, { append: 'b' }];
  expect(await afterFault(requests, { kind: 'process/kill', node: 'n1' })).toBe('ab');
});

test('a power loss takes what was not synced, and only that', async () => {
  expect(await afterFault([{ append: 'a', sync: true }, { append: 'b' }], powerLoss('lost'))).toBe('a');
  expect(await afterFault([{ append: 'a' }], powerLoss('lost'))).toBe(null);
});

test('a power loss may leave a prefix of the unsynced writes, or tear one', async () => {
  const requests = [
    { append: 'a', sync: true },
    ...'bcdefghij'.split('').map((x) => ({ append: x.repeat(4) })),
  ];
  const whole = (await afterFault(requests)) as string;
  const prefix = (await afterFault(requests, powerLoss('prefix'))) as string;
  expect(whole.startsWith(prefix)).toBe(true);
  expect((prefix.length - 1) % 4).toBe(0);
  const torn = (await afterFault(requests, powerLoss('torn'))) as string;
  expect(whole.startsWith(torn)).toBe(true);
  expect(torn.length).toBeLessThan(whole.length);
});

test('a replaced file is wholly the old or wholly the new one after a power loss', async () => {
  expect(await afterFault([{ append: 'old', sync: true }, { write: 'new' }], powerLoss('lost'))).toBe('old');
});

test('a sync under way when the power goes saves nothing', async () => {
  const { world, request } = diskWorld();
  const text = await inWorld(world, async () => {
    await world.inject({ kind: 'disk/slow', node: 'n1', fsync: SECOND });
    void request('n1', { append: 'a', sync: true });
    await sleep(world, 100 * MILLISECOND);
    await world.inject(powerLoss('lost'));
    await world.inject({ kind: 'process/start', node: 'n1' });
    await sleep(world, 2 * SECOND);
    return request('n1', {});
  });
  expect(text).toBe(null);
});

test('a full disk refuses writes until it is healed', async () => {
  const { world, request } = diskWorld();
  await inWorld(world, async () => {
    await world.inject({ kind: 'disk/enospc', node: 'n1' });
    expect(await request('n1', { append: 'a' })).toContain('ENOSPC');
    await world.inject({ kind: 'disk/heal', node: 'n1' });
    expect(await request('n1', { append: 'a' })).toBe('a');
  });
});

test('EIO fails writes and syncs with the given probability', async () => {
  const { world, request, synced } = diskWorld();
  const answers: unknown[] = [];
  await inWorld(world, async () => {
    await world.inject({ kind: 'disk/eio', node: 'n1', probability: 0.5 });
    for (let i = 0; i < 100; i++) answers.push(await request('n1', { append: '.', sync: true }));
  });
  expect(answers.filter((a) => String(a).includes('EIO')).length).toBeGreaterThan(30);
  expect(synced).toContain('EIO');
  expect(synced).toContain('s');
});

test('a failed sync saves nothing', async () => {
  const { world, request, synced } = diskWorld();
  const text = await inWorld(world, async () => {
    await request('n1', { append: 'a' });
    await world.inject({ kind: 'disk/eio', node: 'n1', probability: 1 });
    await request('n1', { sync: true });
    await world.inject({ kind: 'disk/heal', node: 'n1' });
    await world.inject(powerLoss('lost'));
    await world.inject({ kind: 'process/start', node: 'n1' });
    return request('n1', {});
  });
  expect(synced).toEqual(['EIO']);
  expect(text).toBe(null);
});

test('a slow disk takes that much longer for a sync', async () => {
  const { world, request } = diskWorld();
  const took = await inWorld(world, async () => {
    await world.inject({ kind: 'disk/slow', node: 'n1', fsync: SECOND });
    const before = world.now();
    await request('n1', { append: 'a', sync: true });
    return world.now() - before;
  });
  expect(took).toBeGreaterThan(SECOND);
});

test('a bit flip changes one character of what was safe', async () => {
  const flip: Fault = { kind: 'disk/bit-flip', node: 'n1', file: 'log' };
  const text = (await afterFault([{ append: 'aaaaaaaa', sync: true }], flip)) as string;
  expect(text).toHaveLength(8);
  expect([...text].filter((c) => c !== 'a')).toHaveLength(1);
});
