import { describe, expect, test } from 'vitest';
import { linuxSupport } from '../../src/linux/support.ts';
import { linuxWorld } from '../../src/linux/world.ts';
import { SECOND } from '../../src/world/nanos.ts';
import { randomOf } from '../../src/world/random.ts';
import type { Observation } from '../../src/world/world.ts';

const support = linuxSupport();

describe.skipIf(support !== true)(`a supervisor (${support === true ? 'as root' : support})`, () => {
  test('starts a server that ended by itself again, but not one that was killed meanwhile', async () => {
    const world = await linuxWorld({
      system: 'ending',
      deployment: {
        requires: [],
        nodes: { default: 2, min: 2, max: 2 },
        startsWithin: 20 * SECOND,
        processes: () => [{ name: 'server', command: ['sleep', '0.1'] }],
        ready: async () => true,
        newClient() {
          throw new Error('nobody asks for one');
        },
      },
      nodes: ['n1', 'n2'],
      random: randomOf(1),
      faults: new Set(),
      faultyClients: false,
      plainDisks: true,
      capture: false,
      folder: null,
      timeout: SECOND,
    });
    const seen: Observation[] = [];
    const when = (f: string, node: string, times = 1) =>
      new Promise<void>((resolve) => {
        world.observe?.((observation) => {
          seen.push(observation);
          if (observation.f === f && observation.node === node && --times === 0) resolve();
        });
      });
    const ended = when('process/exit', 'n1');
    const again = when('process/restart', 'n2', 2);
    try {
      await world.start();
      await ended;
      expect(await world.inject({ kind: 'process/kill', node: 'n1', forever: true })).toBe('was dead');
      await again;
      expect(seen.filter(({ f, node }) => f === 'process/restart' && node === 'n1')).toEqual([]);
    } finally {
      await world.stop();
    }
  });
});
