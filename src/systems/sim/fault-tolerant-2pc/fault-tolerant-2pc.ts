import { MILLISECOND } from '../../../world/nanos.ts';
import type { Parameters, ParameterValues } from '../../../world/parameters.ts';
import type { System } from '../../../world/system.ts';
import { requestClient } from '../shared/request-client.ts';
import { TOTAL_ORDER_PARAMETERS } from '../shared/total-order/parameters.ts';
import { VotingNode } from './program.ts';

const PARAMETERS = {
  ...TOTAL_ORDER_PARAMETERS,
  'vote-timeout': {
    type: 'duration',
    default: 500 * MILLISECOND,
    about: 'a node that misses votes for this long votes no in the name of those who are silent',
  },
} as const satisfies Parameters;

/** Atomic commitment that outlives its coordinator, because nobody decides alone. */
export const faultTolerant2pc: System = {
  name: 'fault-tolerant-2pc',
  about:
    'two-phase commit in which votes go by total-order broadcast: nobody is blocked while a majority lives',
  lecture: 'replica consistency',
  how: [
    'The coordinator only asks for votes. Each shard broadcasts its vote in total order, so all nodes count the same votes in the same order and come to the same decision: commit once every participant has said yes, abort with the first no.',
    'Whoever waits too long for a vote broadcasts a no in the name of the silent node. Of a node the first vote that is delivered counts: if its own yes came first, the suspicion changes nothing; if not, everybody aborts alike.',
    'The broadcast is that of state-machine-replication, which keeps nothing on disk: so a node that crashes does not come back.',
  ],
  sources: [
    'Kleppmann, Distributed Systems (lecture notes, University of Cambridge), 2020, §7.1: fault-tolerant two-phase commit',
    'Gray and Lamport, Consensus on Transaction Commit, TODS 2006',
    'Guerraoui, Revisiting the Relationship between Non-blocking Atomic Commitment and Consensus, WDAG 1995',
  ],
  assumes: { network: 'fair-loss', nodes: 'crash-stop', timing: 'asynchronous' },
  guarantees: {
    safety: ['atomic-commitment'],
    liveness: [
      {
        property: 'progress',
        given: 'a majority hear each other in less than the time of suspicion, whoever else has crashed',
      },
      {
        property: 'non-blocking',
        given: 'a majority hear each other in less than the time of suspicion, whoever else has crashed',
      },
    ],
  },
  bugs: {
    'votes-without-order': {
      about:
        'votes are counted as they come in: a late yes and the no of somebody impatient arrive here in one order, there in the other',
      workload: 'transfer',
      nemeses: ['packet:kinds=delay,delay=400ms', 'partition'],
    },
    'waits-for-the-dead': {
      about:
        'nobody votes in the name of a silent node: whoever has voted yes is blocked by one that has crashed',
      workload: 'transfer',
      nemeses: ['kill:restart=no'],
    },
    'aborts-after-yes': {
      about: 'a node that misses votes aborts by itself, without asking the broadcast which vote came first',
      workload: 'transfer',
      nemeses: ['partition', 'packet'],
    },
  },
  serves: { transfer: ['transfer', 'log'] },
  parameters: PARAMETERS,
  deploy({ bugs, parameters }) {
    const values = parameters as ParameterValues<typeof PARAMETERS>;
    const options = {
      bugs,
      heartbeat: values.heartbeat,
      suspectAfter: values['suspect-after'],
      voteTimeout: values['vote-timeout'],
    };
    return { program: (context) => new VotingNode(context, options), client: requestClient };
  },
};
