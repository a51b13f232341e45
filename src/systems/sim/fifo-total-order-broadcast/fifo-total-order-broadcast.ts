import type { ParameterValues } from '../../../world/parameters.ts';
import type { System } from '../../../world/system.ts';
import { FifoOrder } from '../shared/broadcast/fifo-order.ts';
import { requestClient } from '../shared/request-client.ts';
import { TotalOrderNode } from '../shared/total-order/broadcast-node.ts';
import { TOTAL_ORDER_PARAMETERS } from '../shared/total-order/parameters.ts';

/** The strongest of the broadcasts: FIFO order laid over total order. */
export const fifoTotalOrderBroadcast: System = {
  name: 'fifo-total-order-broadcast',
  about: "total-order broadcast in which each sender's messages keep their order, and so causal too",
  lecture: 'broadcast',
  how: [
    'Senders number their messages; a leader orders them as they come to it, as in total-order-broadcast. A node that delivers one out of its turn in that order holds it back.',
    'All nodes go through the same order and hold back the same messages until the same moments of it: so what comes out is again the same everywhere.',
    'It is causal as well: what a node had delivered has its place already when the node asks for the next one.',
  ],
  sources: [
    'Hadzilacos and Toueg, A Modular Approach to Fault-Tolerant Broadcasts and Related Problems, 1994',
    'Chandra and Toueg, Unreliable Failure Detectors for Reliable Distributed Systems, JACM 1996, §7',
  ],
  assumes: { network: 'fair-loss', nodes: 'crash-stop', timing: 'asynchronous' },
  guarantees: {
    safety: ['fifo-total-order-broadcast'],
    liveness: [
      { property: 'progress', given: 'a majority hear each other in less than the time of suspicion' },
      { property: 'delivery', given: 'a majority hear each other in less than the time of suspicion' },
    ],
  },
  bugs: {
    'no-hold-back': {
      about: 'messages are delivered as the leader ordered them, which is as they came to it',
      workload: 'broadcast',
      nemeses: ['packet'],
    },
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
      program: (context) => new TotalOrderNode(context, { ...options, order: new FifoOrder(bugs) }),
      client: requestClient,
    };
  },
};
