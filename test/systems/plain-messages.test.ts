import { expect, test } from 'vitest';
import { registry } from '../../src/campaign/registry.ts';
import { runSpec } from '../../src/campaign/run-spec.ts';
import { resolveSpec } from '../../src/spec/resolve.ts';
import { worldsOf } from '../../src/world/system.ts';

const PROGRAMS = Object.values(registry.systems).filter((system) => worldsOf(system).includes('sim'));

/** What a message is once it has been over a wire. */
function carried(content: unknown): unknown {
  return content instanceof Uint8Array ? content : JSON.parse(JSON.stringify(content) ?? 'null');
}

// So that the very programs run as processes too, with a wire between them.
test.each(PROGRAMS.map((system) => [system.name, system] as const))(
  'what %s sends is plain JSON or bytes',
  async (name) => {
    const damaged: unknown[] = [];
    const short = { timeLimit: 1e9, settle: 0.2e9 };
    const resolved = resolveSpec({ ...short, system: name, seed: 3 }, registry);
    await runSpec(resolved, {
      onTravel: ({ content }) => {
        try {
          expect(carried(content)).toEqual(content);
        } catch {
          damaged.push(content);
        }
      },
    });
    expect(damaged.slice(0, 2)).toEqual([]);
  },
);
