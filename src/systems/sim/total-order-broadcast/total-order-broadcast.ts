import type { ParameterValues } from '../../../world/parameters.ts';
import type { System } from '../../../world/system.ts';
import { UNORDERED } from '../shared/broadcast/order.ts';
import { requestClient } from '../shared/request-client.ts';
import { TotalOrderNode } from '../shared/total-order/broadcast-node.ts';
import { TOTAL_ORDER_PARAMETERS } from '../shared/total-order/parameters.ts';

/** Total order by a leader, which may fall. */
export const totalOrderBroadcast: System = {
  name: 'total-order-broadcast',
  about:
    'total-order (atomic) broadcast by a leader: it gives each message its place, a majority keeps it there',
  lecture: 'broadcast',
  how: [
    'A node that wants to broadcast asks the leader, which puts the message in the next place of its log and sends it to all. It is delivered when a majority has it there, and no earlier: then every later leader finds it in the logs of the majority that elects it.',
    'When nobody hears of the leader the next node in turn takes over, with the most advanced log of a majority. So total-order broadcast is as hard as consensus: each place of the log is one.',
    "Two messages of one sender may be ordered the other way round, if the first was lost on its way to the leader. Lamport's clocks give a total order without a leader: see lamport-total-order-broadcast.",
  ],
  sources: [
    'Chandra and Toueg, Unreliable Failure Detectors for Reliable Distributed Systems, JACM 1996, §7',
    'Oki and Liskov, Viewstamped Replication, PODC 1988; Liskov and Cowling, Viewstamped Replication Revisited, 2012',
  ],
  assumes: { network: 'fair-loss', nodes: 'crash-stop', timing: 'asynchronous' },
  guarantees: {
    safety: ['total-order-broadcast'],
    liveness: [
      { property: 'progress', given: 'a majority hear each other in less than the time of suspicion' },
      { property: 'delivery', given: 'a majority hear each other in less than the time of suspicion' },
    ],
  },
  bugs: {
    'delivers-on-receipt': {
      about:
        'a follower delivers what the leader sends as soon as it has it, though the next leader may order otherwise',
      workload: 'broadcast',
      nemeses: ['partition:kinds=leader+bridge+halves'],
    },
  },
  serves: { broadcast: ['broadcast', 'log'] },
  parameters: TOTAL_ORDER_PARAMETERS,
  deploy({ bugs, parameters }) {
    const values = parameters as ParameterValues<typeof TOTAL_ORDER_PARAMETERS>;
    const options = { bugs, heartbeat: values.heartbeat, suspectAfter: values['suspect-after'] };
    return {
      program: (context) => new TotalOrderNode(context, { ...options, order: UNORDERED }),
      client: requestClient,
    };
  },
};
