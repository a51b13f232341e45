import { MILLISECOND } from '../../../world/nanos.ts';
import type { Parameters, ParameterValues } from '../../../world/parameters.ts';
import type { System } from '../../../world/system.ts';
import { RoamingClient } from './client.ts';
import { EventualNode } from './program.ts';

const PARAMETERS = {
  fanout: {
    type: 'integer',
    default: 2,
    min: 1,
    about: 'peers that a node tells of a write that is news to it',
  },
  'anti-entropy': {
    type: 'duration',
    default: 200 * MILLISECOND,
    about: 'mean time between two comparisons of a node with a random peer',
  },
  roam: {
    type: 'probability',
    default: 0.1,
    about: 'how often an operation goes to another replica than its client usually asks',
  },
} as const satisfies Parameters;

/** The weakest promise that is of use: once all is quiet, all replicas are alike. */
export const eventualKv: System = {
  name: 'eventual-kv',
  about: 'replicated registers spread by gossip: rumors make it fast, anti-entropy makes it sure',
  lecture: 'replica consistency',
  how: [
    'Every replica answers by itself, at once. A write is a rumor: whoever hears it for the first time tells it to a few random peers. Rumors may die out before all have heard them, so each replica also compares what it has with a random peer now and then, and both take what is later.',
    'Writes are stamped by a hybrid logical clock: the wall clock where that is ahead of all that the replica has seen, else one more than that. So a write that follows another is the later one whatever the wall clock says.',
    'Nothing keeps a client that moves between replicas from finding itself in the past: which session guarantees held, is measured.',
  ],
  sources: [
    'Demers et al., Epidemic Algorithms for Replicated Database Maintenance, PODC 1987',
    'Vogels, Eventually Consistent, CACM 2009',
    'Kulkarni, Demirbas, Madappa, Avva and Leone, Logical Physical Clocks, OPODIS 2014',
    'Terry et al., Session Guarantees for Weakly Consistent Replicated Data, PDIS 1994',
  ],
  assumes: { network: 'fair-loss', nodes: 'crash-recovery', timing: 'asynchronous' },
  guarantees: {
    safety: ['eventual'],
    liveness: [
      { property: 'progress', given: 'a node is up' },
      { property: 'convergence', given: 'replicas hear each other' },
    ],
  },
  bugs: {
    'wall-clock': {
      about:
        'writes are stamped by the wall clock alone: set back, it makes an acknowledged later write the older one',
      workload: 'register',
      nemeses: ['clock:kinds=bump'],
    },
    'no-anti-entropy': {
      about: 'rumors only: a write whose rumor died out, or was lost, never reaches the others',
      workload: 'register',
      nemeses: ['partition'],
    },
    'merge-not-commutative': {
      about: 'a replica prefers what its own clients wrote: two that took writes of the same key never agree',
      workload: 'register',
      nemeses: ['partition'],
    },
  },
  serves: { register: ['read', 'write'] },
  parameters: PARAMETERS,
  deploy({ bugs, parameters }) {
    const { roam, fanout, ...rest } = parameters as ParameterValues<typeof PARAMETERS>;
    const options = { bugs, fanout, antiEntropy: rest['anti-entropy'] };
    return {
      program: (context) => new EventualNode(context, options),
      client: (context) => new RoamingClient(context, roam),
    };
  },
};
