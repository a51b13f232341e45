import type { System } from '../../../world/system.ts';
import { capRegister } from './deployment.ts';
import { PARAMETERS } from './parameters.ts';

/** The register that stays available under partition, and whose sides part until they can hear each other again. */
export const capAp: System = {
  name: 'cap-ap',
  about: 'one register, available under partition: whoever finds no majority goes on alone (CAP without C)',
  lecture: 'replica consistency',
  how: [
    'The same register, but a node that cannot reach a majority answers from what it has and tells the others later: both sides of a partition are available, and they disagree until it heals.',
  ],
  sources: [
    "Gilbert and Lynch, Brewer's Conjecture and the Feasibility of Consistent, Available, Partition-Tolerant Web Services, SIGACT News 2002",
  ],
  assumes: { network: 'fair-loss', nodes: 'crash-recovery', timing: 'asynchronous' },
  guarantees: {
    safety: ['eventual'],
    liveness: [
      { property: 'availability', given: 'a node is up, whatever the network does' },
      { property: 'progress', given: 'a node is up' },
      { property: 'convergence', given: 'replicas hear each other' },
    ],
  },
  bugs: {
    'waits-for-majority': {
      about: 'a node that finds no majority refuses: consistent, and no longer available',
      workload: 'cap',
      nemeses: ['partition'],
    },
  },
  serves: { cap: ['read', 'write'] },
  parameters: PARAMETERS,
  tries: [
    ['--nemesis partition', 'both sides answer all; that it is not linearizable is measured beside it'],
  ],
  deploy: (options) => capRegister(options, options.bugs.has('waits-for-majority') ? 'refuse' : 'go-on'),
};
