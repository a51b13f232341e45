import { availability } from '../checkers/availability.ts';
import { convergence } from '../checkers/convergence.ts';
import { linearizable } from '../checkers/linearizable/linearizable.ts';
import { measured } from '../checkers/measured.ts';
import { stats } from '../checkers/stats.ts';
import type { Parameters } from '../src/world/parameters.ts';
import { deadlineFor, judgedInTime, promisesLinearizability } from './promises.ts';
import { register } from './register.ts';
import type { Workload, WorkloadOptions } from './workload.ts';

const PARAMETERS = {
  reads: register.parameters.reads!,
  writes: register.parameters.writes!,
} as const satisfies Parameters;

/**
 * Reads and writes of one register, judged by what the CAP theorem (Gilbert and Lynch 2002) is about: whether it is
 * linearizable, and whether it answers on each side of a partition. What a system doesn't promise is measured.
 */
export const cap: Workload = {
  name: 'cap',
  about: 'reads and writes of one register: consistency beside availability on each side of a partition',
  parameters: PARAMETERS,
  generator: (options) => register.generator(ofOneRegister(options)),
  afterHealing: (options) => register.afterHealing?.(options),
  finale: (options) => register.finale(ofOneRegister(options)),
  checkers(options) {
    const { guarantees } = options;
    const consistent = promisesLinearizability(guarantees);
    return [
      consistent ? linearizable() : measured(linearizable()),
      ...(guarantees.includes('eventual') ? judgedInTime(options, 'convergence', convergence) : []),
      availability({ demanded: deadlineFor(options, 'availability') !== undefined }),
      stats(),
    ];
  },
};

function ofOneRegister(options: WorkloadOptions): WorkloadOptions {
  return { ...options, parameters: { ...options.parameters, keys: 1, cas: 0, deletes: 0 } };
}
