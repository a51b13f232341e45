import type { System } from '../../../world/system.ts';
import { floodingDeployment } from '../shared/broadcast/deployment.ts';
import { UNORDERED } from '../shared/broadcast/order.ts';
import { FLOODING_PARAMETERS } from '../shared/broadcast/parameters.ts';

/** The weakest broadcast: the sender, and nobody else, sees to it that all have its message. */
export const bestEffortBroadcast: System = {
  name: 'best-effort-broadcast',
  about: 'the sender sends its message to each node until that acknowledges it',
  lecture: 'broadcast',
  how: [
    'A lossy link becomes a reliable one when what is not acknowledged is sent again, and what comes twice is dropped (stubborn links, then perfect links).',
    'A sender that dies halfway leaves some nodes with its message and others without: best effort promises nothing about that. A node that comes back goes on from its disk.',
  ],
  sources: [
    'Cachin, Guerraoui and Rodrigues, Reliable and Secure Distributed Programming, 2011, §3.2 and §3.6',
  ],
  assumes: { network: 'fair-loss', nodes: 'crash-recovery', timing: 'asynchronous' },
  guarantees: {
    safety: ['best-effort-broadcast'],
    liveness: [
      { property: 'progress', given: 'a node is up' },
      { property: 'delivery', given: 'its sender and receiver are up and hear each other now and then' },
    ],
  },
  bugs: {
    'no-retry': {
      about: 'each message is sent once: what the network loses never arrives',
      workload: 'broadcast',
      nemeses: ['packet:kinds=loss'],
    },
    'no-dedupe': {
      about: 'a message that comes twice, as it does when an acknowledgement is lost, is delivered twice',
      workload: 'broadcast',
      nemeses: ['packet:kinds=loss+duplicate'],
    },
  },
  serves: { broadcast: ['broadcast', 'log'] },
  parameters: FLOODING_PARAMETERS,
  deploy: (options) => floodingDeployment(options, { relay: false, order: () => UNORDERED }),
};
