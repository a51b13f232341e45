import { MILLISECOND } from '../../../world/nanos.ts';
import type { Parameters, ParameterValues } from '../../../world/parameters.ts';
import type { System } from '../../../world/system.ts';
import { LogClient } from '../shared/log-client.ts';
import { TOTAL_ORDER_PARAMETERS } from '../shared/total-order/parameters.ts';
import { PrimaryBackupNode } from './program.ts';

const PARAMETERS = {
  ...TOTAL_ORDER_PARAMETERS,
  'try-timeout': {
    type: 'duration',
    default: 500 * MILLISECOND,
    about: 'a client that waits this long for an answer asks another node',
  },
} as const satisfies Parameters;

/** Passive replication: one does the work, the others keep its outcome. */
export const primaryBackup: System = {
  name: 'primary-backup',
  about: 'a primary performs the operations and answers when a majority of backups has the updates',
  lecture: 'replication',
  how: [
    'The primary performs each operation and sends the resulting update to the backups, in one order; it answers once a majority has it.',
    'When the primary is suspected, a backup that has every acknowledged update takes its place.',
  ],
  sources: [
    'Alsberg and Day, A Principle for Resilient Sharing of Distributed Resources, ICSE 1976',
    'Junqueira, Reed and Serafini, Zab, DSN 2011',
  ],
  assumes: { network: 'fair-loss', nodes: 'crash-stop', timing: 'asynchronous' },
  guarantees: {
    safety: ['linearizable'],
    liveness: [
      { property: 'progress', given: 'a majority hear each other in less than the time of suspicion' },
    ],
  },
  bugs: {
    'promoted-behind': {
      about: 'a backup that takes over goes on from its own updates, though others have more',
      workload: 'register',
      nemeses: ['partition', 'packet'],
    },
    'acks-before-apply': {
      about:
        'a backup acknowledges an update and puts it aside until it is committed: promoted before that, it lacks it',
      workload: 'register',
      nemeses: ['partition:kinds=leader'],
    },
    'answers-before-backups': {
      about: 'the primary answers before any backup has the update, which is lost when another takes over',
      workload: 'register',
      nemeses: ['partition:kinds=leader'],
    },
  },
  serves: { register: ['read', 'write', 'cas'] },
  parameters: PARAMETERS,
  deploy({ workload, bugs, parameters }) {
    const values = parameters as ParameterValues<typeof PARAMETERS>;
    const options = { bugs, heartbeat: values.heartbeat, suspectAfter: values['suspect-after'] };
    return {
      program: (context) => new PrimaryBackupNode(context, options),
      client: (context) => new LogClient(context, values['try-timeout'], workload),
    };
  },
};
