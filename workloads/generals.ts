import { byzantineAgreement } from '../checkers/generals/byzantine-agreement.ts';
import { stats } from '../checkers/stats.ts';
import { operations } from '../src/generator/operations.ts';
import type { Parameters, ParameterValues } from '../src/world/parameters.ts';
import { readEverywhere } from './final-reads.ts';
import { deadlineFor } from './promises.ts';
import type { Workload } from './workload.ts';

const PARAMETERS = {
  attacks: { type: 'probability', default: 0.7, about: 'the part of the orders that are to attack' },
} as const satisfies Parameters;

/**
 * Orders, each of which all generals must decide on alike. `command`, to the general who gives it: `attack` or `retreat` →
 * `{ council, decision }`. In the end, `log` on each node: null → its decisions, as `[council, decision]`.
 */
export const generals: Workload = {
  name: 'generals',
  about:
    'each general in turn gives orders, to attack or to retreat, that all loyal ones must decide on alike',
  parameters: PARAMETERS,
  generator({ parameters }) {
    const { attacks } = parameters as ParameterValues<typeof PARAMETERS>;
    return operations(({ random }) => ({
      f: 'command',
      value: random.chance(attacks) ? 'attack' : 'retreat',
    }));
  },
  finale: (options) => readEverywhere(options, [{ f: 'log', value: null }]),
  checkers: (options) => [byzantineAgreement(deadlineFor(options, 'termination')), stats()],
};
