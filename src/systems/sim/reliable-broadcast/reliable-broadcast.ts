import type { System } from '../../../world/system.ts';
import { floodingDeployment } from '../shared/broadcast/deployment.ts';
import { UNORDERED } from '../shared/broadcast/order.ts';
import { FLOODING_PARAMETERS } from '../shared/broadcast/parameters.ts';

/** Best effort in which every node does its best. */
export const reliableBroadcast: System = {
  name: 'reliable-broadcast',
  about: 'eager reliable broadcast: whoever gets a message for the first time sends it on to everybody',
  lecture: 'broadcast',
  how: [
    'A node that gets a message for the first time delivers it and sends it on to all others, as if it were its own: so if one node that lives has it, all get it, though the sender has died.',
    'For n nodes that takes n² messages for each broadcast, acknowledgements not counted.',
  ],
  sources: [
    'Cachin, Guerraoui and Rodrigues, Reliable and Secure Distributed Programming, 2011, §3.3',
    'Hadzilacos and Toueg, A Modular Approach to Fault-Tolerant Broadcasts and Related Problems, 1994',
  ],
  assumes: { network: 'fair-loss', nodes: 'crash-recovery', timing: 'asynchronous' },
  guarantees: {
    safety: ['reliable-broadcast'],
    liveness: [
      { property: 'progress', given: 'a node is up' },
      {
        property: 'delivery',
        given: 'a node that is up hears, now and then, one that lives and has the message',
      },
    ],
  },
  bugs: {
    'no-relay': {
      about:
        'only the sender sends: one that dies halfway leaves some nodes with its message and others without',
      workload: 'broadcast',
      nemeses: ['kill:restart=no', 'partition:interval=500ms'],
    },
    'no-retry': {
      about:
        'each message is sent once over each link: a node that nobody reached at that time never gets it',
      workload: 'broadcast',
      nemeses: ['partition'],
    },
    'no-dedupe': {
      about: 'every copy of a message is delivered, also those that the others send on',
      workload: 'broadcast',
      nemeses: ['packet'],
    },
  },
  serves: { broadcast: ['broadcast', 'log'] },
  parameters: FLOODING_PARAMETERS,
  deploy: (options) =>
    // Without relaying it is best effort and no more.
    floodingDeployment(options, { relay: !options.bugs.has('no-relay'), order: () => UNORDERED }),
};
