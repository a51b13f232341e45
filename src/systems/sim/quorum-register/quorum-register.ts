import { MILLISECOND, SECOND } from '../../../world/nanos.ts';
import type { Parameters, ParameterValues } from '../../../world/parameters.ts';
import type { System } from '../../../world/system.ts';
import { requestClient } from '../shared/request-client.ts';
import { QuorumNode } from './program.ts';

const PARAMETERS = {
  replicas: { type: 'integer', default: 3, min: 0, about: 'nodes that hold a key (n); 0: all of them' },
  r: { type: 'integer', default: 2, min: 0, about: 'replicas that a read asks; 0: a majority of n' },
  w: { type: 'integer', default: 2, min: 0, about: 'replicas that a write is stored at; 0: a majority of n' },
  patience: {
    type: 'duration',
    default: 2 * SECOND,
    about: 'an operation that finds no quorum for this long is refused',
  },
  resend: {
    type: 'duration',
    default: 100 * MILLISECOND,
    about: 'unanswered messages are sent again after this',
  },
  gossip: {
    type: 'duration',
    default: 200 * MILLISECOND,
    about: 'mean time between the gossip rounds of a node',
  },
} as const satisfies Parameters;

/** The register of Dynamo and its kin, with quorums that overlap. */
export const quorumRegister: System = {
  name: 'quorum-register',
  about:
    'replicated registers with quorums r + w > n, read repair, anti-entropy and tombstones, as in Dynamo',
  lecture: 'replication',
  how: [
    'A write waits for w of n replicas, a read for r; with r + w > n every read meets the last acknowledged write. The latest timestamp wins.',
    "Reads repair the stale replicas they meet, and replicas compare notes in the background (anti-entropy). A deletion leaves a tombstone, so that an old value can't come back.",
  ],
  sources: [
    "DeCandia et al., Dynamo: Amazon's Highly Available Key-value Store, SOSP 2007",
    'Gifford, Weighted Voting for Replicated Data, SOSP 1979',
  ],
  assumes: { network: 'fair-loss', nodes: 'crash-recovery', timing: 'asynchronous' },
  guarantees: {
    safety: ['regular', 'eventual'],
    liveness: [
      { property: 'progress', given: 'max(r, w) of the replicas of a key answer', tolerates: 0 },
      { property: 'convergence', given: 'replicas hear each other' },
    ],
  },
  bugs: {
    'small-quorums': {
      about: 'r + w = n: a read may ask just those replicas that an acknowledged write has not reached',
      workload: 'register',
      nemeses: ['partition', 'packet'],
    },
    'no-tombstone': {
      about:
        'a deletion removes the key: a replica that missed it gives the deleted value to the others again',
      workload: 'register',
      nemeses: ['partition'],
    },
    'wall-clock': {
      about:
        'writes are stamped by the wall clock: set back, it makes an acknowledged later write the older one',
      workload: 'register',
      nemeses: ['clock:kinds=bump'],
    },
    'sloppy-quorum': {
      about:
        "when a key's own replicas don't answer, any nodes count: two quorums need not have one in common",
      workload: 'register',
      nemeses: ['partition'],
    },
  },
  serves: { register: ['read', 'write', 'delete'] },
  parameters: PARAMETERS,
  deploy({ bugs, parameters }) {
    const values = parameters as ParameterValues<typeof PARAMETERS>;
    const options = { ...values, bugs, writeBack: false, tooFew: 'refuse' } as const;
    return { program: (context) => new QuorumNode(context, options), client: requestClient };
  },
};
