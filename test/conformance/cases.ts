import { expect } from 'vitest';
import type { Fault, Grudge, Link } from '../../src/faults/fault.ts';
import type { LinkPolicy } from '../../src/faults/link.ts';
import { HOUR, MILLISECOND, MINUTE, SECOND } from '../../src/world/nanos.ts';
import type { Laboratory } from './laboratory.ts';

/** A fault, and the harm by which it is known. */
export interface Case {
  readonly name: string;
  /**
   * By which messages alone it shows: connections hide it from programs, or are more than the simulator has, whose
   * messages are like datagrams.
   */
  readonly only?: 'datagrams' | 'connections';
  /** Nothing of it depends on how messages travel: once is enough. */
  readonly local?: true;
  /** All faults are healed before and after. */
  play(laboratory: Laboratory): Promise<void>;
}

const FORTH: readonly Link[] = [['n1', 'n2']];
const FORTH_CUT: Grudge = { n2: ['n1'] };

function shape(policy: Partial<LinkPolicy>, links = FORTH): Fault {
  return { kind: 'network/shape', links, policy };
}

function cut(mode: 'drop' | 'reset', grudge = FORTH_CUT): Fault {
  return { kind: 'network/cut', grudge, mode };
}

/** Chance is held to what would happen once in more than a million years of runs. */
const NETWORK: readonly Case[] = [
  {
    name: 'a healthy link delivers every message, once and in order',
    async play(laboratory) {
      const got = await laboratory.sent([]);
      expect(got.map(({ number }) => number)).toEqual(Array.from({ length: 100 }, (_, i) => i));
    },
  },
  {
    name: 'a cut one way stops that way and no other',
    // A connection needs answers: without them the other way stops too, or is never begun.
    only: 'datagrams',
    async play(laboratory) {
      await laboratory.inject(cut('drop'));
      const [cutOff, back] = [laboratory.name(), laboratory.name()];
      await laboratory.ask('n1', { do: 'send', to: 'n2', batch: cutOff, count: 20 });
      await laboratory.ask('n2', { do: 'send', to: 'n1', batch: back, count: 5 });
      await laboratory.until('n1 hears n2', async () => {
        const got = await laboratory.ask<unknown[]>('n1', { do: 'got', batch: back });
        return got.length === 5;
      });
      await laboratory.settled('n3');
      expect(await laboratory.got(cutOff)).toEqual([]);
    },
  },
  {
    name: 'a cut by drop swallows what is sent, for good',
    only: 'datagrams',
    async play(laboratory) {
      const batch = laboratory.name();
      await laboratory.inject(cut('drop'));
      await laboratory.ask('n1', { do: 'send', to: 'n2', batch, count: 20 });
      await laboratory.inject({ kind: 'network/heal' });
      await laboratory.settled('n1');
      expect(await laboratory.got(batch)).toEqual([]);
    },
  },
  {
    name: 'a cut by drop holds up what goes over a connection until it is healed',
    only: 'connections',
    async play(laboratory) {
      const batch = laboratory.name();
      await laboratory.ask('n1', { do: 'ping', to: 'n2' });
      await laboratory.inject(cut('drop'));
      await laboratory.ask('n1', { do: 'send', to: 'n2', batch, count: 20 });
      await laboratory.settled('n3');
      expect(await laboratory.got(batch)).toEqual([]);
      await laboratory.inject({ kind: 'network/heal' });
      await laboratory.until('they come', async () => (await laboratory.got(batch)).length === 20);
    },
  },
  {
    name: 'a cut by reset swallows what is sent, for good, and the healed link works again',
    async play(laboratory) {
      const batch = laboratory.name();
      await laboratory.inject(cut('reset'));
      await laboratory.ask('n1', { do: 'send', to: 'n2', batch, count: 20 });
      await laboratory.settled('n3');
      await laboratory.inject({ kind: 'network/heal' });
      await laboratory.until('n2 hears n1 again', async () => {
        const again = laboratory.name();
        await laboratory.ask('n1', { do: 'send', to: 'n2', batch: again, count: 1 });
        return (await laboratory.got(again)).length === 1;
      });
      expect(await laboratory.got(batch)).toEqual([]);
    },
  },
  {
    name: 'of messages over a link that loses 30 % some 30 % are lost',
    only: 'datagrams',
    async play(laboratory) {
      const numbers = (await laboratory.sent([shape({ loss: 0.3 })])).map(({ number }) => number);
      expect(numbers.length).toBeGreaterThan(40);
      expect(numbers.length).toBeLessThan(97);
      expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
    },
  },
  {
    name: 'a delay of 50 ms makes the round trip longer by that, and healed it is gone',
    async play(laboratory) {
      const ping = () => laboratory.ask<number>('n1', { do: 'ping', to: 'n2' });
      await ping();
      const delay = { latency: { base: 50 * MILLISECOND, tail: 0 } };
      await laboratory.inject(shape(delay));
      for (let i = 0; i < 5; i++) expect(await ping()).toBeGreaterThanOrEqual(50 * MILLISECOND);
      await laboratory.inject(shape(delay, [['n2', 'n1']]));
      for (let i = 0; i < 5; i++) expect(await ping()).toBeGreaterThanOrEqual(100 * MILLISECOND);
      await laboratory.inject({ kind: 'network/unshape' });
      await laboratory.until('the round trip is short again', async () => (await ping()) < 50 * MILLISECOND);
    },
  },
  {
    name: 'what a slow link holds up comes in order once the link is healed',
    async play(laboratory) {
      const batch = laboratory.name();
      const before = await laboratory.time('n2');
      await laboratory.inject(shape({ latency: { base: 1_000 * SECOND, tail: 0 } }));
      await laboratory.ask('n1', { do: 'send', to: 'n2', batch, count: 20 });
      await laboratory.settled('n3');
      expect(await laboratory.got(batch)).toEqual([]);
      await laboratory.inject({ kind: 'network/unshape' });
      await laboratory.until('they come', async () => (await laboratory.got(batch)).length === 20);
      const got = await laboratory.got(batch);
      expect(got.map(({ number }) => number)).toEqual(Array.from({ length: 20 }, (_, i) => i));
      expect(got.at(-1)!.at - before.monotonic).toBeLessThan(900 * SECOND);
    },
  },
  {
    name: 'duplication brings some messages twice, and none more often',
    only: 'datagrams',
    async play(laboratory) {
      const times = new Map<number, number>();
      for (const { number } of await laboratory.sent([shape({ duplicate: 0.5 })]))
        times.set(number, (times.get(number) ?? 0) + 1);
      expect(times.size).toBe(100);
      const twice = [...times.values()].filter((count) => count === 2).length;
      expect(twice).toBeGreaterThan(20);
      expect(twice).toBeLessThan(80);
      expect(Math.max(...times.values())).toBe(2);
    },
  },
  {
    name: 'reordering lets messages overtake each other, and loses none',
    only: 'datagrams',
    async play(laboratory) {
      const numbers = (await laboratory.sent([shape({ reorder: 0.3 })])).map(({ number }) => number);
      const sorted = Array.from({ length: 100 }, (_, i) => i);
      expect(numbers.toSorted((a, b) => a - b)).toEqual(sorted);
      expect(numbers).not.toEqual(sorted);
    },
  },
  {
    name: 'corruption flips one bit of a message of bytes',
    only: 'datagrams',
    async play(laboratory) {
      await laboratory.inject(shape({ corrupt: 0.5 }));
      await laboratory.ask('n1', { do: 'send-bytes', to: 'n2', count: 100, bytes: 200 });
      await laboratory.settled('n1');
      const got = await laboratory.ask<number[][]>('n2', { do: 'got-bytes' });
      // What a packet carries besides the message may be hit too, and then it is lost.
      expect(got.length).toBeGreaterThan(75);
      const flipped = got.map((bytes) => bytes.reduce((sum, byte) => sum + bitsOf(byte ^ 0xaa), 0));
      expect(new Set(flipped)).toEqual(new Set([0, 1]));
      expect(flipped.filter((bits) => bits === 1).length).toBeGreaterThan(20);
    },
  },
  {
    name: 'a narrow link takes its time',
    async play(laboratory) {
      const batch = laboratory.name();
      const before = await laboratory.time('n2');
      await laboratory.inject(shape({ bandwidth: 100_000 }));
      await laboratory.ask('n1', { do: 'send', to: 'n2', batch, count: 50, bytes: 1_000 });
      await laboratory.until('all are there', async () => (await laboratory.got(batch)).length === 50);
      const got = await laboratory.got(batch);
      // From before they were sent: a receiver that stalls takes note of the first ones late.
      expect(got.at(-1)!.at - before.monotonic).toBeGreaterThan(0.45 * 1e9);
    },
  },
];

const CLOCKS: readonly Case[] = [
  {
    name: 'a clock that is set forward by an hour is seen so by its node alone, and times nothing else',
    local: true,
    async play(laboratory) {
      const before = await laboratory.time('n1');
      await laboratory.inject({ kind: 'clock/step', node: 'n1', by: HOUR });
      // A busy machine rewrites a process at the second look.
      await laboratory.until('it is ahead', async () => (await laboratory.ahead()) > 59 * MINUTE);
      expect(await laboratory.ahead()).toBeLessThanOrEqual(HOUR + MINUTE);
      const after = await laboratory.time('n1');
      expect(after.monotonic - before.monotonic).toBeLessThan(MINUTE * 30);
      await laboratory.inject({ kind: 'clock/reset', node: 'n1' });
      expect(Math.abs(await laboratory.ahead())).toBeLessThan(MINUTE);
    },
  },
  {
    name: 'a strobe moves a clock forth and back',
    local: true,
    async play(laboratory) {
      const strobe = { by: HOUR, period: 50 * MILLISECOND, lasts: 10 * HOUR };
      await laboratory.inject({ kind: 'clock/strobe', node: 'n1', ...strobe });
      const isAhead = async () => (await laboratory.ahead()) > 30 * MINUTE;
      await laboratory.until('it is ahead', isAhead);
      await laboratory.until('it is back', async () => !(await isAhead()));
      await laboratory.until('it is ahead again', isAhead);
    },
  },
  {
    name: 'a drifting clock gains on the others',
    local: true,
    async play(laboratory) {
      await laboratory.inject({ kind: 'clock/drift', node: 'n1', ppm: 500_000 });
      await laboratory.until('it has gained half a second', async () => (await laboratory.ahead()) > 0.5e9);
      await laboratory.inject({ kind: 'clock/reset', node: 'n1' });
      await laboratory.until('it is true', async () => (await laboratory.ahead()) < 0.5e9);
    },
  },
];

const DISKS: readonly Case[] = [
  {
    name: 'a power loss takes what was not synced and leaves what was',
    local: true,
    async play(laboratory) {
      const file = laboratory.name();
      await laboratory.ask('n1', { do: 'append', file, text: 'synced' });
      expect(await laboratory.ask('n1', { do: 'sync' })).toBeGreaterThanOrEqual(0);
      await laboratory.ask('n1', { do: 'append', file, text: ' unsynced' });
      expect(await laboratory.ask('n1', { do: 'read', file })).toBe('synced unsynced');
      await laboratory.inject({ kind: 'disk/lose-unsynced', node: 'n1', fate: 'lost' });
      await laboratory.inject({ kind: 'process/start', node: 'n1' });
      await laboratory.answers('n1');
      expect(await laboratory.ask('n1', { do: 'read', file })).toBe('synced');
    },
  },
  {
    name: 'a process that is killed loses nothing that it wrote',
    local: true,
    async play(laboratory) {
      const file = laboratory.name();
      await laboratory.ask('n1', { do: 'append', file, text: 'unsynced' });
      await laboratory.inject({ kind: 'process/kill', node: 'n1' }, { kind: 'process/start', node: 'n1' });
      await laboratory.answers('n1');
      expect(await laboratory.ask('n1', { do: 'read', file })).toBe('unsynced');
    },
  },
  {
    name: 'a disk with errors refuses writes and syncs until it is healed',
    local: true,
    async play(laboratory) {
      const file = laboratory.name();
      await laboratory.ask('n1', { do: 'append', file, text: 'before' });
      await laboratory.inject({ kind: 'disk/eio', node: 'n1', probability: 1 });
      expect(await laboratory.ask('n1', { do: 'append', file, text: 'x' })).toBe('EIO');
      expect(await laboratory.ask('n1', { do: 'sync' })).toBe('EIO');
      await laboratory.inject({ kind: 'disk/heal', node: 'n1' });
      expect(await laboratory.ask('n1', { do: 'append', file, text: ' after' })).toBe('done');
      expect(await laboratory.ask('n1', { do: 'sync' })).toBeGreaterThanOrEqual(0);
      expect(await laboratory.ask('n1', { do: 'read', file })).toBe('before after');
    },
  },
  {
    name: 'a full disk refuses writes and can be read',
    local: true,
    async play(laboratory) {
      const file = laboratory.name();
      await laboratory.ask('n1', { do: 'append', file, text: 'before' });
      await laboratory.inject({ kind: 'disk/enospc', node: 'n1' });
      expect(await laboratory.ask('n1', { do: 'append', file, text: 'x' })).toBe('ENOSPC');
      expect(await laboratory.ask('n1', { do: 'read', file })).toBe('before');
      await laboratory.inject({ kind: 'disk/heal', node: 'n1' });
      expect(await laboratory.ask('n1', { do: 'append', file, text: ' after' })).toBe('done');
      expect(await laboratory.ask('n1', { do: 'read', file })).toBe('before after');
    },
  },
  {
    name: 'a slow disk keeps a sync waiting',
    local: true,
    async play(laboratory) {
      await laboratory.ask('n1', { do: 'append', file: laboratory.name(), text: 'x' });
      await laboratory.inject({ kind: 'disk/slow', node: 'n1', fsync: 300 * MILLISECOND });
      expect(await laboratory.ask('n1', { do: 'sync' })).toBeGreaterThanOrEqual(300 * MILLISECOND);
      await laboratory.inject({ kind: 'disk/heal', node: 'n1' });
      await laboratory.until('syncs are fast again', async () => {
        const took = await laboratory.ask<number>('n1', { do: 'sync' });
        return took < 300 * MILLISECOND;
      });
    },
  },
  {
    name: 'a flipped bit changes one character of what was synced',
    local: true,
    async play(laboratory) {
      const file = laboratory.name();
      const text = 'abcdefghij'.repeat(50);
      await laboratory.ask('n1', { do: 'append', file, text });
      await laboratory.ask('n1', { do: 'sync' });
      await laboratory.inject({ kind: 'disk/bit-flip', node: 'n1', file });
      const got = await laboratory.ask<string>('n1', { do: 'read', file });
      expect(got).toHaveLength(text.length);
      expect([...got].filter((character, i) => character !== text[i])).toHaveLength(1);
    },
  },
];

const PROCESSES: readonly Case[] = [
  {
    name: 'a paused node answers once it goes on, and not before',
    local: true,
    async play(laboratory) {
      await laboratory.inject({ kind: 'process/pause', node: 'n1' });
      let answered = false;
      const answer = laboratory.time('n1').finally(() => {
        answered = true;
      });
      for (let i = 0; i < 50; i++) await laboratory.ask('n2', { do: 'ping', to: 'n3' });
      expect(answered).toBe(false);
      await laboratory.inject({ kind: 'process/resume', node: 'n1' });
      expect(await answer).toMatchObject({ wall: expect.any(Number) });
    },
  },
  {
    name: 'a killed node resets the request under way and refuses the next; started again, it answers',
    local: true,
    async play(laboratory) {
      await laboratory.inject(cut('drop'));
      // It never has an answer, so it is under way.
      const underWay = laboratory.attempt('n1', { do: 'ping', to: 'n2' });
      await laboratory.time('n1');
      await laboratory.inject({ kind: 'process/kill', node: 'n1' });
      expect(await underWay).toMatchObject({ type: 'fail', error: 'reset' });
      expect(await laboratory.attempt('n1', { do: 'time' })).toMatchObject({
        type: 'fail',
        error: 'refused',
      });
      await laboratory.inject({ kind: 'process/start', node: 'n1' });
      await laboratory.answers('n1');
    },
  },
  {
    name: 'a liar says something else than its program, until it is honest again',
    local: true,
    async play(laboratory) {
      const sent = Array.from({ length: 100 }, (_, i) => i);
      const lies = { kind: 'process/lie', node: 'n1', lies: ['forge'], share: 1 } as const;
      expect((await laboratory.sent([lies])).map(({ number }) => number)).not.toEqual(sent);
      const honest = { kind: 'process/honest', node: 'n1' } as const;
      expect((await laboratory.sent([honest])).map(({ number }) => number)).toEqual(sent);
    },
  },
  {
    name: 'healing undoes everything at once',
    local: true,
    async play(laboratory) {
      const file = laboratory.name();
      await laboratory.inject(
        cut('drop'),
        shape({ loss: 1 }, [['n2', 'n3']]),
        { kind: 'clock/step', node: 'n2', by: -HOUR },
        { kind: 'disk/enospc', node: 'n2' },
        { kind: 'process/pause', node: 'n3' },
        { kind: 'process/kill', node: 'n1' },
      );
      await laboratory.heal();
      for (const node of ['n1', 'n2', 'n3']) await laboratory.answers(node);
      for (const [from, to] of [
        ['n1', 'n2'],
        ['n2', 'n3'],
        ['n3', 'n1'],
      ] as const)
        await laboratory.ask(from, { do: 'ping', to });
      expect(Math.abs(await laboratory.ahead())).toBeLessThan(MINUTE);
      expect(await laboratory.ask('n2', { do: 'append', file, text: 'x' })).toBe('done');
    },
  },
];

/** Every fault that a world can do, shown by its harm. */
export const CASES: readonly Case[] = [...NETWORK, ...CLOCKS, ...DISKS, ...PROCESSES];

function bitsOf(byte: number): number {
  return byte.toString(2).replaceAll('0', '').length;
}
