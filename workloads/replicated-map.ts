import { replicatedMap as multiValue } from '../checkers/replicated/set.ts';
import { stats } from '../checkers/stats.ts';
import { operations } from '../src/generator/operations.ts';
import type { Parameters, ParameterValues } from '../src/world/parameters.ts';
import { readEverywhere } from './final-reads.ts';
import { keysOf, READS, strongEventually } from './replicated.ts';
import type { Workload } from './workload.ts';

const PARAMETERS = {
  reads: READS,
  deletes: { type: 'probability', default: 0.3, about: 'share of deletions among the updates' },
  keys: { type: 'integer', default: 3, min: 1, about: 'keys of the map; few, so that clients meet' },
} as const satisfies Parameters;

/**
 * A map. `put`: a value, which nobody else ever puts, in place of all that is there; `delete`; `read`: the sorted array of
 * what is there, several values where puts were concurrent. Completions: see `replicatedObject`.
 */
export const replicatedMap: Workload = {
  name: 'replicated-map',
  about:
    'clients put unique values into a replicated map, delete and read them; concurrent values stand side by side',
  parameters: PARAMETERS,
  generator({ parameters }) {
    const { reads, deletes, keys } = parameters as ParameterValues<typeof PARAMETERS>;
    let made = 0;
    return operations(({ random }) => {
      const key = random.pick(keysOf(keys));
      if (random.chance(reads)) return { f: 'read', key, value: null };
      return random.chance(deletes) ? { f: 'delete', key, value: null } : { f: 'put', key, value: ++made };
    });
  },
  finale(options) {
    const { keys } = options.parameters as ParameterValues<typeof PARAMETERS>;
    return readEverywhere(
      options,
      keysOf(keys).map((key) => ({ f: 'read', key, value: null })),
    );
  },
  checkers: (options) => [...strongEventually(options), multiValue(), stats()],
};
