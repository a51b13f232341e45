import { type SimOptions, simWorld } from '../../src/sim/world.ts';
import type { NodeContext, NodeProgram } from '../../src/world/node-program.ts';
import { randomOf } from '../../src/world/random.ts';
import type { ClientContext } from '../../src/world/system.ts';
import type { World } from '../../src/world/world.ts';

/** What tests let a node do. */
export type Toy = (context: NodeContext<unknown>) => Partial<NodeProgram<unknown, unknown>>;

/** A simulated world of `count` nodes that all run `toy`, and the requests that clients make in it. */
export function toyWorld(count: number, toy: Toy, options: Partial<SimOptions> = {}) {
  let context: ClientContext | undefined;
  const world = simWorld({
    nodes: Array.from({ length: count }, (_, i) => `n${i + 1}`),
    random: randomOf('toy'),
    deployment: {
      program: (c) => ({ onMessage() {}, ...toy(c) }),
      client(c) {
        context = c;
        return { open: async () => {}, invoke: async () => ({ type: 'ok' }), close: async () => {} };
      },
    },
    ...options,
  });
  return {
    world,
    request(node: string, query: unknown): Promise<unknown> {
      if (context === undefined) world.client(0);
      return context!.request(node, query);
    },
  };
}

/** Runs `body` in a started world. */
export function inWorld<T>(world: World, body: () => Promise<T>): Promise<T> {
  return world.run(async () => {
    await world.start();
    return body();
  });
}

export function sleep(world: World, delay: number): Promise<void> {
  return new Promise((resolve) => world.after(delay, resolve));
}
