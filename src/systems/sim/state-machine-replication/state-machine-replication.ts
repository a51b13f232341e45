import type { ParameterValues } from '../../../world/parameters.ts';
import type { System } from '../../../world/system.ts';
import { requestClient } from '../shared/request-client.ts';
import { TOTAL_ORDER_PARAMETERS } from '../shared/total-order/parameters.ts';
import { Replica } from './program.ts';

/** Active replication: the order is agreed, the work is done everywhere. */
export const stateMachineReplication: System = {
  name: 'state-machine-replication',
  about: 'every replica performs every command, in the order of a total-order broadcast',
  lecture: 'replication',
  how: [
    'Every replica starts in the same state and performs the same deterministic commands in the same order, which a total-order broadcast gives: so all replicas stay alike.',
    'Reads go through the broadcast too; a replica that answers from its own state alone may be behind.',
  ],
  sources: [
    'Schneider, Implementing Fault-Tolerant Services Using the State Machine Approach, ACM Computing Surveys 1990',
  ],
  assumes: { network: 'fair-loss', nodes: 'crash-stop', timing: 'asynchronous' },
  guarantees: {
    safety: ['linearizable', 'strict-serializable'],
    liveness: [
      { property: 'progress', given: 'a majority hear each other in less than the time of suspicion' },
    ],
  },
  bugs: {
    'nondeterministic-apply': {
      about:
        'each replica drops a command that is too old by its own clock, so some perform it and some do not',
      workload: 'register',
      nemeses: ['clock:kinds=bump', 'packet:kinds=delay'],
    },
    'local-read': {
      about: 'a replica answers reads from its own state, whatever the others have performed already',
      workload: 'register',
      nemeses: ['partition', 'packet'],
    },
    'applies-own-first': {
      about: 'a replica performs a command of its own client at once, before the others have ordered it',
      workload: 'register',
      nemeses: ['packet'],
    },
  },
  serves: {
    register: ['read', 'write', 'cas'],
    set: ['add', 'read'],
    append: ['txn'],
    bank: ['transfer', 'read'],
    queue: ['enqueue', 'dequeue'],
    kafka: ['assign', 'send', 'poll', 'txn'],
    counter: ['add', 'read'],
  },
  parameters: TOTAL_ORDER_PARAMETERS,
  deploy({ workload, bugs, parameters }) {
    const values = parameters as ParameterValues<typeof TOTAL_ORDER_PARAMETERS>;
    const options = { workload, bugs, heartbeat: values.heartbeat, suspectAfter: values['suspect-after'] };
    return { program: (context) => new Replica(context, options), client: requestClient };
  },
};
