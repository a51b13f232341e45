import { convergence } from '../checkers/convergence.ts';
import { setFull } from '../checkers/set-full.ts';
import { stats } from '../checkers/stats.ts';
import { operations } from '../src/generator/operations.ts';
import type { Parameters, ParameterValues } from '../src/world/parameters.ts';
import { readEverywhere } from './final-reads.ts';
import { judgedInTime, promisesLinearizability } from './promises.ts';
import type { Workload } from './workload.ts';

const PARAMETERS = {
  reads: { type: 'probability', default: 0.1, about: 'share of reads among the operations' },
} as const satisfies Parameters;

/** One set. `add`: an element, which nobody else ever adds; `read`: null → the array of all elements. */
export const set: Workload = {
  name: 'set',
  about: 'adds unique elements to a set and reads it, in the end on every node',
  parameters: PARAMETERS,
  generator({ functions, parameters }) {
    const { reads } = parameters as ParameterValues<typeof PARAMETERS>;
    const readable = functions.includes('read');
    let added = 0;
    return operations(({ random }) =>
      readable && random.chance(reads) ? { f: 'read', value: null } : { f: 'add', value: ++added },
    );
  },
  finale: (options) => readEverywhere(options, [{ f: 'read', value: null }]),
  checkers(options) {
    const { guarantees } = options;
    const linearizable = promisesLinearizability(guarantees);
    if (guarantees.includes('eventual') && !linearizable)
      return [...judgedInTime(options, 'convergence', convergence), stats()];
    return [setFull({ linearizable }), stats()];
  },
};
