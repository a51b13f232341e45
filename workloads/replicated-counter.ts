import { replicatedCounter as sums } from '../checkers/replicated/counter.ts';
import { stats } from '../checkers/stats.ts';
import { operations } from '../src/generator/operations.ts';
import type { Parameters, ParameterValues } from '../src/world/parameters.ts';
import { readEverywhere } from './final-reads.ts';
import { READS, strongEventually } from './replicated.ts';
import type { Workload } from './workload.ts';

const PARAMETERS = {
  reads: READS,
  most: { type: 'integer', default: 100, min: 1, about: 'the most that is added or taken off at a time' },
} as const satisfies Parameters;

/** One counter. `increment`, `decrement`: by how much; `read`. Completions: see `replicatedObject`. */
export const replicatedCounter: Workload = {
  name: 'replicated-counter',
  about:
    'clients add to a replicated counter, take off and read it; replicas say which updates they have delivered',
  parameters: PARAMETERS,
  generator({ functions, parameters }) {
    const { reads, most } = parameters as ParameterValues<typeof PARAMETERS>;
    const updates = functions.filter((f) => f !== 'read');
    return operations(({ random }) =>
      random.chance(reads)
        ? { f: 'read', value: null }
        : { f: random.pick(updates), value: random.between(1, most) },
    );
  },
  finale: (options) => readEverywhere(options, [{ f: 'read', value: null }]),
  checkers: (options) => [...strongEventually(options), sums(), stats()],
};
