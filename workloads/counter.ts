import { counter as bounds } from '../checkers/counter.ts';
import { linearizable } from '../checkers/linearizable/linearizable.ts';
import { pnCounter } from '../checkers/pn-counter.ts';
import { stats } from '../checkers/stats.ts';
import { operations } from '../src/generator/operations.ts';
import type { Parameters, ParameterValues } from '../src/world/parameters.ts';
import { readEverywhere } from './final-reads.ts';
import { judgedInTime, promisesLinearizability } from './promises.ts';
import type { Workload } from './workload.ts';

const PARAMETERS = {
  reads: { type: 'probability', default: 0.5, about: 'share of reads among the operations' },
  decrements: { type: 'probability', default: 0, about: 'share of adds of less than nothing' },
  'max-amount': { type: 'integer', default: 5, min: 1, about: 'the most that is added at once' },
} as const satisfies Parameters;

/** One counter, 0 at first (Jepsen's `counter`, Maelstrom's `pn-counter`). `add`: by how much; `read`: null → the sum. */
export const counter: Workload = {
  name: 'counter',
  about: 'adds to a counter and reads it, in the end on every node',
  parameters: PARAMETERS,
  generator({ parameters }) {
    const { reads, decrements, 'max-amount': most } = parameters as ParameterValues<typeof PARAMETERS>;
    return operations(({ random }) => {
      if (random.chance(reads)) return { f: 'read', value: null };
      const amount = random.between(1, most);
      return { f: 'add', value: decrements > 0 && random.chance(decrements) ? -amount : amount };
    });
  },
  finale: (options) => readEverywhere(options, [{ f: 'read', value: null }]),
  checkers(options) {
    const { guarantees } = options;
    if (promisesLinearizability(guarantees)) return [linearizable({ model: 'counter' }), bounds(), stats()];
    if (!guarantees.includes('eventual')) return [stats()];
    return [...judgedInTime(options, 'convergence', pnCounter), stats()];
  },
};
