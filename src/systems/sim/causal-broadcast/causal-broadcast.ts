import type { System } from '../../../world/system.ts';
import { floodingDeployment } from '../shared/broadcast/deployment.ts';
import { FLOODING_PARAMETERS } from '../shared/broadcast/parameters.ts';
import { CausalOrder } from './causal-order.ts';

/** Reliable broadcast with dependency vectors. */
export const causalBroadcast: System = {
  name: 'causal-broadcast',
  about: 'reliable broadcast that delivers a message after all that its sender had seen',
  lecture: 'broadcast',
  how: [
    'A message carries a vector: of each node, how many of its messages the sender had delivered. A node holds it back until it has delivered at least as many (≤ in each place) itself.',
    'Messages whose senders knew nothing of each other may be delivered in different orders.',
  ],
  sources: [
    'Birman, Schiper and Stephenson, Lightweight Causal and Atomic Group Multicast, TOCS 1991',
    'Cachin, Guerraoui and Rodrigues, Reliable and Secure Distributed Programming, 2011, §3.9',
  ],
  assumes: { network: 'fair-loss', nodes: 'crash-recovery', timing: 'asynchronous' },
  guarantees: {
    safety: ['causal-broadcast'],
    liveness: [
      { property: 'progress', given: 'a node is up' },
      {
        property: 'delivery',
        given:
          'a node that is up hears, now and then, one that lives and has the message and all that led to it',
      },
    ],
  },
  bugs: {
    'deliveries-left-out': {
      about:
        'a message depends on what its sender has sent, not on what it has delivered: an answer comes before its question',
      workload: 'broadcast',
      nemeses: ['packet'],
    },
    'strict-comparison': {
      about: '< where ≤ is due: a message waits for more than its sender had seen, and may wait for ever',
      workload: 'broadcast',
      nemeses: ['packet'],
    },
  },
  serves: { broadcast: ['broadcast', 'log'] },
  parameters: FLOODING_PARAMETERS,
  deploy: (options) =>
    floodingDeployment(options, { relay: true, order: (self) => new CausalOrder(self, options.bugs) }),
};
