import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { nodeCommand } from '../../src/campaign/node-command.ts';
import { clockSupport } from '../../src/linux/clock/support.ts';
import { diskSupport } from '../../src/linux/disk/support.ts';
import { nodeProgramsDeployment } from '../../src/linux/nodes/deployment.ts';
import type { Transport } from '../../src/linux/nodes/task.ts';
import { linuxSupport } from '../../src/linux/support.ts';
import { linuxWorld } from '../../src/linux/world.ts';
import { simWorld } from '../../src/sim/world.ts';
import { FAULT_KINDS } from '../../src/world/fault-kinds.ts';
import { SECOND } from '../../src/world/nanos.ts';
import { randomOf } from '../../src/world/random.ts';
import type { World } from '../../src/world/world.ts';
import { CASES } from './cases.ts';
import { Laboratory } from './laboratory.ts';
import { PROBES } from './probe.ts';

// Every fault must do the same harm in every world: what src/faults says. Where the harm differs, the case says how.

/** Longer than a case waits for what must come; and every process of a world compiles itself anew where there is no build (ms). */
const PATIENCE = 300_000;

const NODES = ['n1', 'n2', 'n3'];

describe('in the simulator', () => {
  const cases = CASES.filter(({ only }) => only !== 'connections');
  test.each(cases.map((one) => [one.name, one] as const))('%s', async (_, { play }) => {
    const world = simWorld({ deployment: PROBES, nodes: NODES, random: randomOf('conformance') });
    await world.run(async () => {
      await world.start();
      await play(new Laboratory(world));
    });
    await world.stop();
  });
});

const clocks = linuxSupport() === true ? await clockSupport() : 'no linux world';
const support = [linuxSupport(), diskSupport(), typeof clocks === 'string' ? clocks : true].find(
  (one) => one !== true,
);
const why = support ?? 'as root';

describe.skipIf(support !== undefined)(`in the linux world, by datagrams (${why})`, () => {
  inLinux(
    'udp',
    CASES.filter(({ only }) => only !== 'connections'),
  );
});

describe.skipIf(support !== undefined)(`in the linux world, over connections (${why})`, () => {
  inLinux(
    'tcp',
    CASES.filter(({ only, local }) => only !== 'datagrams' && !local),
  );
});

/** All cases in one world, which is healed after each. */
function inLinux(transport: Transport, cases: typeof CASES): void {
  let world: World;
  let laboratory: Laboratory;

  beforeAll(async () => {
    const random = randomOf('conformance');
    world = await linuxWorld({
      system: 'probe',
      deployment: nodeProgramsDeployment({
        deployment: PROBES,
        command: nodeCommand(),
        system: fileURLToPath(new URL('probe.ts', import.meta.url)),
        workload: '',
        bugs: [],
        parameters: {},
        seed: 'conformance',
        transport,
      }),
      nodes: NODES,
      random,
      // What no case wants is not set up.
      faults: new Set(cases.some(({ local }) => local) ? FAULT_KINDS : []),
      faultyClients: false,
      plainDisks: false,
      capture: false,
      folder: null,
      timeout: 5 * SECOND,
    });
    await world.start();
    laboratory = new Laboratory(world);
  }, PATIENCE);

  afterAll(async () => {
    await world?.stop();
  }, PATIENCE);

  test.each(cases.map((one) => [one.name, one] as const))(
    '%s',
    async (_, { play }) => {
      await world.run(() => play(laboratory));
      await world.healAll();
    },
    PATIENCE,
  );
}
