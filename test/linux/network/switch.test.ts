import { readFileSync } from 'node:fs';
import { createConnection, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { LinkPolicy } from '../../../src/faults/link.ts';
import { linuxSupport } from '../../../src/linux/support.ts';
import { temporaryFolder } from '../../histories/temporary.ts';
import { makeRig, type Rig } from './rig.ts';

const temporary = temporaryFolder();
const support = linuxSupport();

const THERE = [['n1', 'n2']] as const;

describe.skipIf(support !== true)(
  `a switch between namespaces (${support === true ? 'as root' : support})`,
  () => {
    let rig: Rig;
    beforeAll(async () => {
      rig = await makeRig();
    });
    afterEach(() => rig.network.heal());

    const shape = (policy: Partial<LinkPolicy>) =>
      rig.inject({ kind: 'network/shape', links: THERE, policy });

    /** Sends numbered datagrams, not more than buffers hold, and gives what comes back until `enough` says so. */
    function echoes(
      count: number,
      enough: (got: readonly Buffer[]) => boolean,
      size = 100,
    ): Promise<Buffer[]> {
      return new Promise((resolve) => {
        const got: Buffer[] = [];
        const hear = (message: Buffer) => {
          if (!String(message).startsWith('tick')) got.push(message);
        };
        rig.udp.on('message', hear);
        // What is lost may be known only after the last that comes back.
        const look = setInterval(() => {
          if (!enough(got)) return;
          clearInterval(look);
          rig.udp.off('message', hear);
          resolve(got);
        }, 1);
        for (let i = 0; i < count; i++) {
          const datagram = Buffer.alloc(size, 'a');
          datagram.writeUInt32LE(i);
          rig.udp.send(datagram);
        }
      });
    }

    /** The packets lost from now on. */
    function lossesFromNow(): () => number {
      const before = rig.network.counts.lost;
      return () => rig.network.counts.lost - before;
    }

    const numbers = (got: readonly Buffer[]) => got.map((datagram) => datagram.readUInt32LE());

    test('healthy links carry everything once, in order', async () => {
      const got = await echoes(100, ({ length }) => length === 100);
      expect(numbers(got)).toEqual(Array.from({ length: 100 }, (_, i) => i));
    });

    test('delay: nothing comes back sooner than it says', async () => {
      shape({ latency: { base: 50e6, tail: 0 } });
      const sent = performance.now();
      await echoes(1, ({ length }) => length === 1);
      expect(performance.now() - sent).toBeGreaterThanOrEqual(50);
    });

    test('loss: about so many vanish, and only on their way there', async () => {
      shape({ loss: 0.3 });
      const lost = lossesFromNow();
      const got: Buffer[] = [];
      for (let sent = 100; sent <= 400; sent += 100)
        got.push(...(await echoes(100, ({ length }) => got.length + length + lost() >= sent)));
      expect(got.length + lost()).toBe(400);
      expect(lost()).toBeGreaterThan(70);
      expect(lost()).toBeLessThan(170);
    });

    test('duplication: each arrives twice', async () => {
      shape({ duplicate: 1 });
      const got = await echoes(50, ({ length }) => length === 100);
      expect(numbers(got).sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => i >> 1));
    });

    test('reordering: all arrive, some overtake others', async () => {
      shape({ reorder: 0.5 });
      const got = numbers(await echoes(100, ({ length }) => length === 100));
      expect(got).not.toEqual(got.toSorted((a, b) => a - b));
      expect(new Set(got).size).toBe(100);
    });

    test('corruption: one bit of each payload is flipped, and the program gets it all the same', async () => {
      shape({ corrupt: 1 });
      const got = await echoes(20, ({ length }) => length === 20);
      for (const [i, datagram] of got.entries()) {
        const sent = Buffer.alloc(100, 'a');
        sent.writeUInt32LE(i);
        const flipped = datagram.reduce((bits, byte, at) => bits + ones(byte ^ sent[at]!), 0);
        expect(flipped).toBe(1);
      }
    });

    test('bandwidth: a line is busy for as long as its bytes take', async () => {
      shape({ bandwidth: 100_000 });
      const sent = performance.now();
      await echoes(30, ({ length }) => length === 30, 1_000);
      expect(performance.now() - sent).toBeGreaterThanOrEqual(300);
    });

    test('a cut swallows what goes one way and leaves the other way alone', async () => {
      rig.udp.send('hello');
      const ticks = (count: number): Promise<string[]> =>
        new Promise((resolve) => {
          const got: string[] = [];
          const hear = (message: Buffer) => {
            got.push(String(message));
            if (got.length < count) return;
            rig.udp.off('message', hear);
            resolve(got);
          };
          rig.udp.on('message', hear);
        });
      await ticks(1);
      rig.inject({ kind: 'network/cut', grudge: { n2: ['n1'] }, mode: 'drop' });
      const lost = lossesFromNow();
      for (let i = 0; i < 10; i++) rig.udp.send('lost');
      const heard = await ticks(10);
      // A connection of an earlier test that is still ending may lose a packet too.
      expect(lost()).toBeGreaterThanOrEqual(10);
      expect(new Set(heard).size).toBe(1);
    });

    test('a cut that resets ends connections, refuses new ones, and is over when it is healed', async () => {
      const connection = await connected();
      rig.inject({ kind: 'network/cut', grudge: { n2: ['n1'] }, mode: 'reset' });
      const broken = errorOf(connection);
      connection.write('x');
      expect(await broken).toBe('ECONNRESET');
      expect(await errorOf(createConnection(7, rig.address))).toBe('ECONNREFUSED');
      rig.network.heal();
      const another = await connected();
      another.write('y');
      expect(String(await new Promise((resolve) => another.once('data', resolve)))).toBe('y');
      another.destroy();
    });

    afterAll(async () => {
      const pcap = temporary('packets.pcap');
      await rig.end(pcap);
      // Captured were all that was sent above, and the file says whose: n2's address stands in it.
      const data = readFileSync(pcap);
      expect(data.readUInt32LE(0)).toBe(0xa1b23c4d);
      expect(data.includes(Buffer.from(rig.address.split('.').map(Number)))).toBe(true);
    });

    function connected(): Promise<Socket> {
      return new Promise((resolve, reject) => {
        const socket = createConnection(7, rig.address, () => resolve(socket));
        socket.once('error', reject);
      });
    }

    function errorOf(socket: Socket): Promise<string | undefined> {
      return new Promise((resolve) => {
        socket.removeAllListeners('error');
        socket.once('error', ({ code }: NodeJS.ErrnoException) => resolve(code));
      });
    }
  },
);

function ones(byte: number): number {
  return byte.toString(2).replaceAll('0', '').length;
}
