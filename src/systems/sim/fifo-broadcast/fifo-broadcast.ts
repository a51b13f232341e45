import type { System } from '../../../world/system.ts';
import { floodingDeployment } from '../shared/broadcast/deployment.ts';
import { FifoOrder } from '../shared/broadcast/fifo-order.ts';
import { FLOODING_PARAMETERS } from '../shared/broadcast/parameters.ts';

/** Reliable broadcast with sequence numbers. */
export const fifoBroadcast: System = {
  name: 'fifo-broadcast',
  about: "reliable broadcast that delivers each sender's messages in the order in which it sent them",
  lecture: 'broadcast',
  how: [
    'A sender numbers its messages. A node that gets one before its turn holds it back until those before it have come.',
    'Numbers and what was delivered are on the disk: a node that comes back goes on counting where it stopped.',
  ],
  sources: [
    'Hadzilacos and Toueg, A Modular Approach to Fault-Tolerant Broadcasts and Related Problems, 1994',
    'Cachin, Guerraoui and Rodrigues, Reliable and Secure Distributed Programming, 2011, §3.9',
  ],
  assumes: { network: 'fair-loss', nodes: 'crash-recovery', timing: 'asynchronous' },
  guarantees: {
    safety: ['fifo-broadcast'],
    liveness: [
      { property: 'progress', given: 'a node is up' },
      {
        property: 'delivery',
        given: 'a node that is up hears, now and then, one that lives and has the message and all before it',
      },
    ],
  },
  bugs: {
    'no-hold-back': {
      about: 'a message is delivered as it comes, also one that has overtaken an earlier one of its sender',
      workload: 'broadcast',
      nemeses: ['packet'],
    },
    'sequence-reset': {
      about: 'a node that comes back numbers its messages from 1 again: the others take them for old ones',
      workload: 'broadcast',
      nemeses: ['kill'],
    },
  },
  serves: { broadcast: ['broadcast', 'log'] },
  parameters: FLOODING_PARAMETERS,
  deploy: (options) => floodingDeployment(options, { relay: true, order: () => new FifoOrder(options.bugs) }),
};
