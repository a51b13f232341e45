import { expect, test } from 'vitest';
import { runTest } from '../../src/controller/run-test.ts';
import { limit } from '../../src/generator/limits.ts';
import { once, operations, repeat } from '../../src/generator/operations.ts';
import { sleep } from '../../src/generator/pace.ts';
import { sequence } from '../../src/generator/sequence.ts';
import { simWorld } from '../../src/sim/world.ts';
import { type Client, ConnectionError } from '../../src/world/client.ts';
import { MILLISECOND, SECOND } from '../../src/world/nanos.ts';
import type { NodeContext, NodeProgram } from '../../src/world/node-program.ts';
import { randomOf } from '../../src/world/random.ts';
import type { ClientContext, SimDeployment } from '../../src/world/system.ts';

/** A node that remembers one value, on no disk. */
function memory(context: NodeContext<never>): NodeProgram<never, { f: string; value: unknown }> {
  let held: unknown = null;
  return {
    onMessage() {},
    onRequest(request, { f, value }) {
      if (f === 'write') held = value;
      context.reply(request, held);
    },
  };
}

function client(context: ClientContext): Client {
  let node = '';
  return {
    async open(to) {
      node = to;
    },
    async invoke(operation) {
      try {
        return { type: 'ok', value: await context.request(node, operation) };
      } catch (error) {
        const refused = error instanceof ConnectionError && error.code === 'refused';
        return { type: refused ? 'fail' : 'info', error: String(error) };
      }
    },
    async close() {},
  };
}

const MEMORY: SimDeployment = { program: memory, client };

async function run(seed: number) {
  const random = randomOf(seed);
  let written = 0;
  const fault = (f: string) => once({ f, value: { node: 'n1' } });
  const { history, artifacts } = await runTest({
    world: simWorld({ deployment: MEMORY, nodes: ['n1', 'n2', 'n3'], random: random.fork('world') }),
    workload: operations((context) =>
      context.random.chance(0.5) ? { f: 'read', value: null } : { f: 'write', value: ++written },
    ),
    nemesis: sequence(sleep(SECOND), fault('process/pause'), sleep(SECOND), fault('process/kill')),
    finale: limit(6, repeat({ f: 'read', value: null })),
    concurrency: 3,
    rate: 100,
    timeLimit: 3 * SECOND,
    recovery: 0,
    settle: SECOND,
    timeout: 500 * MILLISECOND,
    random,
  });
  return { events: [...history], artifacts };
}

test('clients of a paused node time out, those of a dead one are refused, and healing brings both back', async () => {
  const { events } = await run(1);
  const onN1 = (from: number, to: number) =>
    events.filter((e) => e.node === 'n1' && e.type !== 'invoke' && e.time >= from && e.time < to);
  const ends = (from: number, to: number) => new Set(onN1(from * SECOND, to * SECOND).map((e) => e.type));
  expect(ends(0, 1)).toEqual(new Set(['ok']));
  expect(ends(1.1, 2)).toEqual(new Set(['info']));
  expect(ends(2.1, 3)).toEqual(new Set(['fail']));
  expect(ends(4, 5)).toEqual(new Set(['ok']));
  const others = events.filter((e) => e.node !== undefined && e.node !== 'n1' && e.type !== 'invoke');
  expect(new Set(others.map((e) => e.type))).toEqual(new Set(['ok']));
});

test('one thread runs one process after another while its operations time out', async () => {
  const { events } = await run(1);
  const processes = new Set(events.filter((e) => e.node === 'n1').map((e) => e.process as number));
  expect([...processes].slice(0, 3)).toEqual([0, 3, 6]);
});

test('in a simulated world the same seed gives the same history, another seed another', async () => {
  const first = await run(1);
  expect(first.events.length).toBeGreaterThan(400);
  expect(await run(1)).toEqual(first);
  expect((await run(2)).events).not.toEqual(first.events);
});
