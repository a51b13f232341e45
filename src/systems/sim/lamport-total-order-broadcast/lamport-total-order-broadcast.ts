import type { System } from '../../../world/system.ts';
import { floodingDeployment } from '../shared/broadcast/deployment.ts';
import { FLOODING_PARAMETERS } from '../shared/broadcast/parameters.ts';
import { LamportOrder } from './lamport-order.ts';

/** Total order without a leader, and without tolerance of a node that is gone. */
export const lamportTotalOrderBroadcast: System = {
  name: 'lamport-total-order-broadcast',
  about: 'total-order broadcast by Lamport clocks: delivered once every node has passed its timestamp',
  lecture: 'broadcast',
  how: [
    "Every message carries its sender's Lamport clock; messages are delivered in the order of their timestamps, those of the same time in the order of their senders' names.",
    'When may the first of them be delivered? When every node has been heard with its time or a later one: its links being FIFO, nothing earlier can follow. A node that has nothing to say tells its time now and then.',
    'So one node that is gone stops all the others; to go on without it they would have to agree that it is gone, which takes consensus.',
    'It runs on reliable FIFO broadcast, so that all hear the same of a node that dies. A client has its answer when its own node has delivered the message.',
  ],
  sources: ['Lamport, Time, Clocks, and the Ordering of Events in a Distributed System, CACM 1978'],
  assumes: { network: 'fair-loss', nodes: 'crash-recovery', timing: 'asynchronous' },
  guarantees: {
    safety: ['fifo-total-order-broadcast'],
    liveness: [
      { property: 'progress', given: 'every node is up', tolerates: 0 },
      { property: 'delivery', given: 'every node is up: one that dies for good stops all', tolerates: 0 },
    ],
  },
  bugs: {
    'ties-not-broken': {
      about: 'messages with the same timestamp are delivered in the order in which they came',
      workload: 'broadcast',
      nemeses: ['packet'],
    },
    'does-not-wait': {
      about: 'the first of the messages that have come is delivered, though an earlier one may be on its way',
      workload: 'broadcast',
      nemeses: ['packet'],
    },
  },
  serves: { broadcast: ['broadcast', 'log'] },
  parameters: FLOODING_PARAMETERS,
  deploy: (options) =>
    floodingDeployment(options, {
      relay: true,
      order: (self, peers) => new LamportOrder(self, peers, options.bugs),
      answer: 'at-delivery',
    }),
};
