import type { System } from '../../../world/system.ts';
import { capRegister } from './deployment.ts';
import { PARAMETERS } from './parameters.ts';

/** The register that stays consistent under partition, and refuses where it finds no majority. */
export const capCp: System = {
  name: 'cap-cp',
  about: 'one register, consistent under partition: whoever finds no majority refuses (CAP without A)',
  lecture: 'replica consistency',
  how: [
    "One register over majorities. A node that cannot reach a majority refuses: the minority's side of a partition is consistent but not available.",
  ],
  sources: [
    "Gilbert and Lynch, Brewer's Conjecture and the Feasibility of Consistent, Available, Partition-Tolerant Web Services, SIGACT News 2002",
  ],
  assumes: { network: 'fair-loss', nodes: 'crash-recovery', timing: 'asynchronous' },
  guarantees: {
    safety: ['linearizable'],
    liveness: [{ property: 'progress', given: 'a node and a majority hear each other' }],
  },
  bugs: {
    'goes-on-alone': {
      about:
        'a node that finds no majority goes on with whoever answers: available, and no longer consistent',
      workload: 'cap',
      nemeses: ['partition'],
    },
  },
  serves: { cap: ['read', 'write'] },
  parameters: PARAMETERS,
  tries: [
    [
      '--nemesis partition',
      'linearizable; the share of operations that succeeded on each side stands beside it',
    ],
  ],
  deploy: (options) => capRegister(options, options.bugs.has('goes-on-alone') ? 'go-on' : 'refuse'),
};
