import { clock as clockChecker } from '../checkers/clock/clock.ts';
import { synchronization } from '../checkers/clock/synchronization.ts';
import { stats } from '../checkers/stats.ts';
import { operations } from '../src/generator/operations.ts';
import { MILLISECOND, SECOND } from '../src/world/nanos.ts';
import type { Parameters, ParameterValues } from '../src/world/parameters.ts';
import { readEverywhere } from './final-reads.ts';
import { deadlineFor } from './promises.ts';
import type { Workload } from './workload.ts';

const PARAMETERS = {
  stopwatches: {
    type: 'probability',
    default: 0.2,
    about: 'the part of the operations that measure elapsed time',
  },
} as const satisfies Parameters;

/**
 * Clocks of nodes. `read`: null → `{ time, error, life, steps }`, see checker clock. `elapsed`: for how long to wait, ns →
 * how long that took, ns. In the end each clock is read.
 */
export const clock: Workload = {
  name: 'clock',
  about: "clients read the nodes' clocks, and let them measure how long something takes",
  parameters: PARAMETERS,
  generator({ parameters }) {
    const { stopwatches } = parameters as ParameterValues<typeof PARAMETERS>;
    return operations(({ random }) =>
      random.chance(stopwatches)
        ? { f: 'elapsed', value: random.between(20 * MILLISECOND, SECOND) }
        : { f: 'read', value: null },
    );
  },
  finale: (options) => readEverywhere(options, [{ f: 'read', value: null }]),
  checkers(options) {
    const deadline = deadlineFor(options, 'synchronization');
    return [clockChecker(), ...(deadline === undefined ? [] : [synchronization(deadline)]), stats()];
  },
};
