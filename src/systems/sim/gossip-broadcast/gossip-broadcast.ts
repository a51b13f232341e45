import { MILLISECOND } from '../../../world/nanos.ts';
import type { Parameters, ParameterValues } from '../../../world/parameters.ts';
import type { System } from '../../../world/system.ts';
import { BroadcastNode } from '../shared/broadcast/broadcast-node.ts';
import type { Payload } from '../shared/broadcast/message.ts';
import { UNORDERED } from '../shared/broadcast/order.ts';
import { requestClient } from '../shared/request-client.ts';
import { Gossip } from './gossip.ts';

const PARAMETERS = {
  fanout: { type: 'integer', default: 2, min: 1, about: 'nodes that each node tells of a new message' },
  interval: {
    type: 'duration',
    default: 200 * MILLISECOND,
    about: 'how often a node compares what it has with another one',
  },
} as const satisfies Parameters;

/** Reliable broadcast that spreads as a disease does. */
export const gossipBroadcast: System = {
  name: 'gossip-broadcast',
  about:
    'epidemic broadcast: each node tells a few others of what is new, and now and then compares with one',
  lecture: 'broadcast',
  how: [
    'A node that hears a rumour for the first time tells a few others, drawn at random: a message reaches nearly all nodes in few steps, at a cost that each node shares, and needs no acknowledgements.',
    'Nearly all is not all. So each node now and then tells another what it has, and each sends the other what it lacks: anti-entropy, which goes on until all are alike.',
  ],
  sources: [
    'Demers et al., Epidemic Algorithms for Replicated Database Maintenance, PODC 1987',
    'Cachin, Guerraoui and Rodrigues, Reliable and Secure Distributed Programming, 2011, §3.8',
  ],
  assumes: { network: 'fair-loss', nodes: 'crash-recovery', timing: 'asynchronous' },
  guarantees: {
    safety: ['reliable-broadcast'],
    liveness: [
      { property: 'progress', given: 'a node is up' },
      {
        property: 'delivery',
        given: 'all hear each other: with probability 1, and after about log n rounds',
      },
    ],
  },
  bugs: {
    'no-anti-entropy': {
      about: 'rumours only: a node that every one of them passes by never hears of the message',
      workload: 'broadcast',
      nemeses: ['partition'],
    },
    'no-relay': {
      about: 'a node tells only of what it has itself broadcast, which is lost with it when it dies',
      workload: 'broadcast',
      nemeses: ['kill:restart=no'],
    },
    'no-dedupe': {
      about: 'a message that was heard from two others is delivered twice',
      workload: 'broadcast',
      nemeses: ['packet'],
    },
  },
  serves: { broadcast: ['broadcast', 'log'] },
  parameters: PARAMETERS,
  deploy({ bugs, parameters }) {
    const { fanout, interval } = parameters as ParameterValues<typeof PARAMETERS>;
    return {
      program: (context) =>
        new BroadcastNode(context, {
          bugs,
          order: UNORDERED,
          spread: (host) => new Gossip<Payload>(host, { bugs, fanout }),
          answer: 'at-once',
          tick: interval,
        }),
      client: requestClient,
    };
  },
};
