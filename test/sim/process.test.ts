import { expect, test } from 'vitest';
import { ConnectionError } from '../../src/world/client.ts';
import { MILLISECOND, SECOND } from '../../src/world/nanos.ts';
import { inWorld, sleep, toyWorld } from './toy.ts';

/** A node that counts its own ticks of 10 ms in memory and says how many there were. */
function counter(late: (by: number) => void = () => {}) {
  return toyWorld(2, (c) => {
    let count = 0;
    let due = 0;
    const tick = () => {
      due = c.monotonic() + 10 * MILLISECOND;
      c.setTimer('tick', 10 * MILLISECOND);
    };
    return {
      onStart: tick,
      onTimer() {
        if (c.id === 'n1') late(c.monotonic() - due);
        count++;
        tick();
      },
      onRequest: (id) => c.reply(id, count),
    };
  });
}

/** The error with which a request ends. */
function refusal(answer: Promise<unknown>): Promise<ConnectionError> {
  return answer.then(
    () => expect.fail('the request was answered'),
    (error) => error,
  );
}

test('a killed process forgets all but its disk and refuses connections until it is started again', async () => {
  const { world, request } = counter();
  await inWorld(world, async () => {
    await sleep(world, SECOND);
    expect(await request('n1', null)).toBeGreaterThan(90);
    expect(await world.inject({ kind: 'process/kill', node: 'n1' })).toBe('killed');
    expect(await world.inject({ kind: 'process/kill', node: 'n1' })).toBe('was dead');
    const refused = await refusal(request('n1', null));
    expect(refused).toBeInstanceOf(ConnectionError);
    expect(refused.code).toBe('refused');
    expect(await world.inject({ kind: 'process/start', node: 'n1' })).toBe('started');
    expect(await request('n1', null)).toBeLessThan(10);
  });
});

test('a request that is open when the process dies is reset', async () => {
  const { world, request } = toyWorld(1, () => ({}));
  await inWorld(world, async () => {
    const open = refusal(request('n1', null));
    await sleep(world, 100 * MILLISECOND);
    await world.inject({ kind: 'process/kill', node: 'n1' });
    expect((await open).code).toBe('reset');
  });
});

test('a power loss is silent: an open request gets no answer at all', async () => {
  const { world, request } = toyWorld(1, () => ({}));
  let heard = false;
  await inWorld(world, async () => {
    request('n1', null).catch(() => {
      heard = true;
    });
    await sleep(world, 100 * MILLISECOND);
    await world.inject({ kind: 'disk/lose-unsynced', node: 'n1', fate: 'lost' });
    await sleep(world, 10 * SECOND);
  });
  expect(heard).toBe(false);
});

test('a paused process answers late, and its timers are late', async () => {
  let latest = 0;
  const { world, request } = counter((by) => {
    latest = Math.max(latest, by);
  });
  await inWorld(world, async () => {
    await world.inject({ kind: 'process/pause', node: 'n1' });
    const asked = world.now();
    const answer = request('n1', null).then(() => world.now() - asked);
    await sleep(world, 3 * SECOND);
    await world.inject({ kind: 'process/resume', node: 'n1' });
    expect(await answer).toBeGreaterThanOrEqual(3 * SECOND);
    await sleep(world, SECOND);
  });
  expect(latest).toBeGreaterThan(2.9 * SECOND);
});

test('a process that throws is gone, and a supervisor starts another after a second', async () => {
  const starts: number[] = [];
  const { world } = toyWorld(1, (c) => ({
    onStart() {
      starts.push(world.now());
      c.setTimer('fail', 100 * MILLISECOND);
    },
    onTimer() {
      throw new Error('broken');
    },
  }));
  const artifacts = await inWorld(world, async () => {
    await sleep(world, 3 * SECOND);
    return world.stop();
  });
  expect(starts).toEqual([0, 1.1 * SECOND, 2.2 * SECOND]);
  expect(artifacts.counts.crashes).toBe(3);
  expect(artifacts.trace[0]).toEqual({
    time: 100 * MILLISECOND,
    node: 'n1',
    event: { crashed: 'Error: broken' },
  });
});

test('a crashed process that is then killed stays dead until somebody starts it', async () => {
  const { world, request } = toyWorld(1, (c) => ({
    onRequest(id, query) {
      if (query === 'crash') throw new Error('broken');
      c.reply(id, 'done');
    },
  }));
  await inWorld(world, async () => {
    await refusal(request('n1', 'crash'));
    expect(await world.inject({ kind: 'process/kill', node: 'n1' })).toBe('was dead');
    await sleep(world, 10 * SECOND);
    expect((await refusal(request('n1', null))).code).toBe('refused');
    await world.inject({ kind: 'process/start', node: 'n1' });
    expect(await request('n1', null)).toBe('done');
  });
});

test('an async handler may wait for promises, and its rejection is a crash', async () => {
  const log: string[] = [];
  const { world, request } = toyWorld(1, (c) => ({
    async onRequest(id, query) {
      await Promise.resolve();
      log.push(String(query));
      if (query === 'bad') throw new Error('broken');
      c.reply(id, 'done');
    },
  }));
  await inWorld(world, async () => {
    expect(await request('n1', 'good')).toBe('done');
    expect((await refusal(request('n1', 'bad'))).code).toBe('reset');
  });
  expect(log).toEqual(['good', 'bad']);
});

test('healing everything starts, resumes and mends all nodes, but not one that was killed for ever', async () => {
  const { world, request } = toyWorld(4, (c) => ({ onRequest: (id) => c.reply(id, c.wallClock()) }));
  await inWorld(world, async () => {
    await world.inject({ kind: 'process/kill', node: 'n1', forever: true });
    await world.inject({ kind: 'process/kill', node: 'n2' });
    await world.inject({ kind: 'process/pause', node: 'n3' });
    await world.inject({ kind: 'clock/step', node: 'n4', by: -SECOND });
    await world.healAll();
    expect((await refusal(request('n1', null))).code).toBe('refused');
    const clocks = (await Promise.all(['n2', 'n3', 'n4'].map((n) => request(n, null)))) as number[];
    expect(Math.max(...clocks) - Math.min(...clocks)).toBeLessThan(100 * MILLISECOND);
  });
});
