import type { Registry } from '../spec/registry.ts';
import { type ResolvedSpec, resolveSpec } from '../spec/resolve.ts';
import { worldsOf } from '../world/system.ts';

/** One test of a campaign: what is run, under how many seeds, and what must come of it. */
export interface Cell {
  readonly resolved: ResolvedSpec;
  /** `valid`: every run; `invalid`: one of the runs, and then no more are needed. */
  readonly expects: 'valid' | 'invalid';
  /** At most so many seeds: 1, 2, 3 ... */
  readonly seeds: number;
}

/** How many seeds a cell gets. */
export interface CellSeeds {
  readonly right: number;
  /** Seeds within which every bug must be found. */
  readonly bug: number;
}

/** Every simulated system with each of its bugs, which must be found, and right, with each of its workloads, where nothing must. */
export function builtInCells(registry: Registry, seeds: CellSeeds): Cell[] {
  const simulated = Object.values(registry.systems).filter((system) => worldsOf(system)[0] === 'sim');
  return simulated.flatMap(({ name: system, bugs, serves }) => [
    ...Object.keys(serves).map((workload) => ({
      resolved: resolveSpec({ system, workload, seed: 1 }, registry),
      expects: 'valid' as const,
      seeds: seeds.right,
    })),
    ...Object.keys(bugs).map((bug) => ({
      resolved: resolveSpec({ system, bugs: [bug], seed: 1 }, registry),
      expects: 'invalid' as const,
      seeds: seeds.bug,
    })),
  ]);
}
