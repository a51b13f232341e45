import { expect, test } from 'vitest';
import { registry } from '../../src/campaign/registry.ts';
import { resolveSpec } from '../../src/spec/resolve.ts';
import { worldsOf } from '../../src/world/system.ts';

const cases = Object.values(registry.systems).flatMap((system) =>
  worldsOf(system)
    .filter((world) => world === 'sim' || system.assumes.timing !== 'synchronous')
    .map((world) => [system.name, world] as const),
);

// A worker thread is given the resolved spec and resolves it once more; so does a replay.
test.each(cases)(
  '%s in the %s world: a spec with its defaults written out means the same',
  (system, world) => {
    const { spec } = resolveSpec({ system, world, seed: 1, nemeses: [] }, registry);
    expect(resolveSpec(spec, registry).spec).toEqual(spec);
  },
);
