import { MILLISECOND } from '../../../world/nanos.ts';
import type { System } from '../../../world/system.ts';
import { requestClient } from '../shared/request-client.ts';
import { LwwMapNode } from './program.ts';

/** An eventually consistent map: available on every side of a partition, and loses concurrent writes by design. */
export const lwwMap: System = {
  name: 'lww-map',
  about: 'replicated map: the last writer by logical time wins, replicas gossip until they are alike',
  lecture: 'replica consistency',
  how: [
    "Every write carries a Lamport timestamp and the node's id; a replica keeps, for each key, the value with the greatest.",
    'Replicas tell each other what they have; the merge takes the greater timestamp, so it may come in any order and any number of times. Of two concurrent writes one is lost: that is what last writer wins means.',
  ],
  sources: [
    'Johnson and Thomas, The Maintenance of Duplicate Databases, RFC 677, 1975',
    'Shapiro, Preguiça, Baquero and Zawirski, Conflict-Free Replicated Data Types, SSS 2011',
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
        'writes are stamped by the wall clock: set back, it makes an acknowledged later write the older one',
      workload: 'register',
      nemeses: ['clock:kinds=bump'],
    },
    'no-anti-entropy': {
      about: 'a write is told to each peer once: one that misses it never hears of it',
      workload: 'register',
      nemeses: ['partition'],
    },
    'merge-not-commutative': {
      about:
        'of two writes with equal times each node keeps the one that it heard first, which differs from node to node',
      workload: 'register',
      nemeses: ['packet:kinds=delay,delay=300ms,targets=all,interval=10ms,duration=5s'],
    },
  },
  serves: { register: ['read', 'write'] },
  parameters: {
    gossip: {
      type: 'duration',
      default: 200 * MILLISECOND,
      about: 'mean time between the gossip rounds of a node',
    },
  },
  deploy({ bugs, parameters }) {
    const gossip = parameters.gossip as number;
    return { program: (context) => new LwwMapNode(context, { bugs, gossip }), client: requestClient };
  },
};
