import { replicatedRegister as lastWriterWins } from '../checkers/replicated/register.ts';
import { stats } from '../checkers/stats.ts';
import { operations } from '../src/generator/operations.ts';
import type { Parameters, ParameterValues } from '../src/world/parameters.ts';
import { readEverywhere } from './final-reads.ts';
import { keysOf, READS, strongEventually } from './replicated.ts';
import type { Workload } from './workload.ts';

const PARAMETERS = {
  reads: READS,
  keys: { type: 'integer', default: 3, min: 1, about: 'registers; few, so that clients meet' },
} as const satisfies Parameters;

/** Keyed registers. `write`: the value, which nobody else ever writes; `read`. Completions: see `replicatedObject`. */
export const replicatedRegister: Workload = {
  name: 'replicated-register',
  about: 'clients write unique values to a few replicated registers and read them; the last writer wins',
  parameters: PARAMETERS,
  generator({ parameters }) {
    const { reads, keys } = parameters as ParameterValues<typeof PARAMETERS>;
    let written = 0;
    return operations(({ random }) => {
      const key = random.pick(keysOf(keys));
      return random.chance(reads) ? { f: 'read', key, value: null } : { f: 'write', key, value: ++written };
    });
  },
  finale(options) {
    const { keys } = options.parameters as ParameterValues<typeof PARAMETERS>;
    return readEverywhere(
      options,
      keysOf(keys).map((key) => ({ f: 'read', key, value: null })),
    );
  },
  checkers: (options) => [...strongEventually(options), lastWriterWins(), stats()],
};
