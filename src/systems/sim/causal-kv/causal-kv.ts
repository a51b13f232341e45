import { MILLISECOND } from '../../../world/nanos.ts';
import type { Parameters, ParameterValues } from '../../../world/parameters.ts';
import type { System } from '../../../world/system.ts';
import { NOTHING } from '../shared/vector.ts';
import { type Session, SessionClient } from './client.ts';
import { CausalNode } from './program.ts';

const PARAMETERS = {
  roam: {
    type: 'probability',
    default: 0.1,
    about: "how often an operation goes to another replica than its session's own",
  },
  gossip: {
    type: 'duration',
    default: 200 * MILLISECOND,
    about: 'mean time between the gossip rounds of a node',
  },
} as const satisfies Parameters;

/** The strongest consistency that a system can have which answers on both sides of a partition. */
export const causalKv: System = {
  name: 'causal-kv',
  about: 'replicated registers in causal order: whoever sees a write sees all that led to it, as in COPS',
  lecture: 'replica consistency',
  how: [
    'Each write carries what its session had seen (its dependencies); a replica makes a write visible only after all of those.',
    'A session that moves to another replica takes its vector along, and waits until that replica has caught up with it.',
  ],
  sources: [
    "Lloyd, Freedman, Kaminsky and Andersen, Don't Settle for Eventual: COPS, SOSP 2011",
    'Terry et al., Session Guarantees for Weakly Consistent Replicated Data, PDIS 1994',
  ],
  assumes: { network: 'fair-loss', nodes: 'crash-recovery', timing: 'asynchronous' },
  guarantees: {
    safety: ['causal', 'eventual'],
    liveness: [
      { property: 'progress', given: 'a session stays with a node that is up' },
      { property: 'convergence', given: 'replicas hear each other' },
    ],
  },
  bugs: {
    'read-dependencies-dropped': {
      about:
        'a write depends on what its session wrote before, not on what it read: an answer comes without its question',
      workload: 'register',
      nemeses: ['packet', 'partition:kinds=bridge+ring'],
    },
    'moves-without-vector': {
      about:
        'a session turns to another replica without telling what it has seen, and finds itself in the past',
      workload: 'register',
      nemeses: ['partition'],
    },
  },
  serves: { register: ['read', 'write'] },
  parameters: PARAMETERS,
  deploy({ bugs, parameters }) {
    const { roam, gossip } = parameters as ParameterValues<typeof PARAMETERS>;
    const sessions = new Map<number, Session>();
    return {
      program: (context) => new CausalNode(context, { gossip }),
      client(context) {
        const session = sessions.get(context.process) ?? { seen: NOTHING, wrote: NOTHING, node: null };
        sessions.set(context.process, session);
        return new SessionClient(context, session, { bugs, roam });
      },
    };
  },
};
