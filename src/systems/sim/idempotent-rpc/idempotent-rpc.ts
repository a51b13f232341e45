import { MILLISECOND } from '../../../world/nanos.ts';
import type { Parameters, ParameterValues } from '../../../world/parameters.ts';
import type { System } from '../../../world/system.ts';
import { LogClient } from '../shared/log-client.ts';
import { RpcNode } from './program.ts';

const PARAMETERS = {
  retry: {
    type: 'duration',
    default: 100 * MILLISECOND,
    about: 'a call without a result is sent again after this',
  },
  'try-timeout': {
    type: 'duration',
    default: 500 * MILLISECOND,
    about: 'how long a client waits for one node before it calls through another',
  },
} as const satisfies Parameters;

/** Retries make a call happen at least once, a table of what was done at most once; both together, once. */
export const idempotentRpc: System = {
  name: 'idempotent-rpc',
  about: 'remote procedure calls that take effect exactly once: ids, retries and a table of what was done',
  lecture: 'replication',
  how: [
    'Clients call through any node; the first node is the server, which holds a counter and who likes what. A call that gets no answer is sent again, also through another node: it may have been lost, or its answer, or the server may have crashed.',
    'Each try carries the same id. The server keeps, for each client, the id and the answer of its last request: what it has done already it answers from there. That table is on the disk in the same records as the state, before any answer leaves.',
    'Adding to a set twice does no harm, to a counter it does; and even to a set, if somebody has removed the element in between. So idempotent operations are no substitute for the table.',
  ],
  sources: [
    'Birrell and Nelson, Implementing Remote Procedure Calls, TOCS 1984',
    'Kleppmann, Distributed Systems (lecture notes), §5.1',
  ],
  assumes: { network: 'fair-loss', nodes: 'crash-recovery', timing: 'asynchronous' },
  guarantees: {
    safety: ['linearizable'],
    liveness: [
      {
        property: 'progress',
        given: 'a node and the server are up and hear each other now and then',
        tolerates: 0,
      },
    ],
  },
  bugs: {
    'no-dedupe': {
      about: 'at-least-once: each copy of a call that arrives is performed',
      workload: 'counter',
      nemeses: ['packet'],
    },
    'no-retry': {
      about:
        'at-most-once: a call without an answer is given up and reported as failed, though it may have been performed',
      workload: 'counter',
      nemeses: ['packet'],
    },
    'dedupe-lost-at-crash': {
      about: 'the table lives in memory only: what is retried after a crash of the server is done again',
      workload: 'likes',
      nemeses: [
        'packet:kinds=loss,loss=0.5,interval=300ms',
        'kill:targets=leader,interval=500ms,duration=100ms',
      ],
    },
    'dedupe-by-value': {
      about: 'a request that is the same as an earlier one of its client is taken for a retry of that',
      workload: 'counter',
      nemeses: ['packet'],
    },
  },
  serves: { counter: ['add', 'read'], likes: ['add', 'remove', 'contains'] },
  parameters: PARAMETERS,
  deploy({ workload, bugs, parameters }) {
    const values = parameters as ParameterValues<typeof PARAMETERS>;
    return {
      program: (context) => new RpcNode(context, { bugs, retry: values.retry }),
      client: (context) => new LogClient(context, values['try-timeout'], workload),
    };
  },
};
