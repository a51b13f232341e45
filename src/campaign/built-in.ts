import { parseNemeses } from '../spec/nemesis-text.ts';
import type { Registry } from '../spec/registry.ts';
import { type ResolvedSpec, resolveSpec } from '../spec/resolve.ts';

/** One test of a campaign: what is run, under how many seeds, and what must come of it. */
export interface Cell {
  readonly resolved: ResolvedSpec;
  /** `valid`: every run; `invalid`: one of the runs, and then no more are needed. */
  readonly expects: 'valid' | 'invalid';
  /** At most so many seeds: 1, 2, 3 ... */
  readonly seeds: number;
}

/** Seeds within which every bug must be found. */
const SEEDS_FOR_A_BUG = 200;

/** Every system with each of its bugs, which must be found, and right, with each of its workloads, where nothing must. */
export function builtInCells(registry: Registry, seedsForRight: number): Cell[] {
  return Object.values(registry.systems).flatMap(({ name: system, bugs, serves }) => [
    ...Object.keys(serves).map((workload) => ({
      resolved: resolveSpec({ system, workload, seed: 1 }, registry),
      expects: 'valid' as const,
      seeds: seedsForRight,
    })),
    ...Object.entries(bugs).map(([bug, { workload, nemeses }]) => ({
      resolved: resolveSpec(
        { system, bugs: [bug], workload, nemeses: nemeses.flatMap((text) => parseNemeses(text)), seed: 1 },
        registry,
      ),
      expects: 'invalid' as const,
      seeds: SEEDS_FOR_A_BUG,
    })),
  ]);
}
