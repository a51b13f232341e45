import type { Campaign, Cell } from '../spec/campaign.ts';
import type { Registry } from '../spec/registry.ts';
import { resolveSpec } from '../spec/resolve.ts';
import { seedRange } from '../spec/seed-plan.ts';
import { worldsOf } from '../world/system.ts';

/** How many seeds a cell gets. */
export interface CellSeeds {
  readonly right: number;
  /** Seeds within which every bug must be found. */
  readonly bug: number;
}

/** Every simulated system with each of its bugs, which must be found, and right, with each of its workloads, where nothing must. */
export function builtInCampaign(registry: Registry, { right, bug: sought }: CellSeeds): Campaign {
  const simulated = Object.values(registry.systems).filter((system) => worldsOf(system)[0] === 'sim');
  const cells = simulated.flatMap(({ name: system, bugs, serves }): Cell[] => [
    ...Object.keys(serves).map((workload) => ({
      resolved: resolveSpec({ system, workload, seed: 1 }, registry),
      seeds: seedRange(1, right),
    })),
    ...Object.keys(bugs).map((bug) => ({
      resolved: resolveSpec({ system, bugs: [bug], seed: 1 }, registry),
      seeds: seedRange(1, sought),
      cellFailures: 1,
    })),
  ]);
  return { name: 'built-in', cells, stop: {}, expect: 'bugs-found' };
}
