import { replicatedSet as addWins } from '../checkers/replicated/set.ts';
import { stats } from '../checkers/stats.ts';
import { operations } from '../src/generator/operations.ts';
import type { Parameters, ParameterValues } from '../src/world/parameters.ts';
import { readEverywhere } from './final-reads.ts';
import { READS, strongEventually } from './replicated.ts';
import type { Workload } from './workload.ts';

const PARAMETERS = {
  reads: READS,
  removes: {
    type: 'probability',
    default: 0.5,
    about: 'share of removals among the updates, where there are any',
  },
  elements: {
    type: 'integer',
    default: 5,
    min: 1,
    about: 'elements that are added and removed; few, so that clients meet',
  },
} as const satisfies Parameters;

/**
 * One set. `add`, `remove`: the element; `read`: the sorted array of all. Where nothing can be removed, each element is
 * added once. Completions: see `replicatedObject`.
 */
export const replicatedSet: Workload = {
  name: 'replicated-set',
  about:
    'clients add the same few elements to a replicated set and remove them again; in a concurrent meeting adds win',
  parameters: PARAMETERS,
  generator({ functions, parameters }) {
    const { reads, removes, elements } = parameters as ParameterValues<typeof PARAMETERS>;
    let added = 0;
    return operations(({ random }) => {
      if (random.chance(reads)) return { f: 'read', value: null };
      if (!functions.includes('remove')) return { f: 'add', value: ++added };
      return { f: random.chance(removes) ? 'remove' : 'add', value: random.between(1, elements) };
    });
  },
  finale: (options) => readEverywhere(options, [{ f: 'read', value: null }]),
  checkers: (options) => [...strongEventually(options), addWins(), stats()],
};
