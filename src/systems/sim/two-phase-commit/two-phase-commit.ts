import { MILLISECOND } from '../../../world/nanos.ts';
import type { Parameters, ParameterValues } from '../../../world/parameters.ts';
import type { System } from '../../../world/system.ts';
import { requestClient } from '../shared/request-client.ts';
import { CommitNode } from './program.ts';

const PARAMETERS = {
  resend: {
    type: 'duration',
    default: 100 * MILLISECOND,
    about: 'unanswered messages are sent again after this, and who is in doubt asks',
  },
  'vote-timeout': {
    type: 'duration',
    default: 500 * MILLISECOND,
    about: 'a vote that has not come by then counts as a no',
  },
  cooperative: {
    type: 'boolean',
    default: false,
    about: 'a participant in doubt asks the other participants too, not only the coordinator',
  },
} as const satisfies Parameters;

/** Atomic commitment with one coordinator: safe, and blocked while that one is away. */
export const twoPhaseCommit: System = {
  name: 'two-phase-commit',
  about: 'accounts on shards: a coordinator collects votes and commits a transfer only if all say yes',
  lecture: 'replica consistency',
  how: [
    'Phase 1: the node that the client asked is the coordinator and asks every shard of the transaction for its vote. A shard that can commit whatever happens locks what it needs, syncs its yes, and from then on may not abort by itself. Phase 2: with a yes from all the coordinator syncs the decision to commit and tells it; one no, or no vote in time, and it aborts.',
    'Between its yes and the decision a shard is in doubt: it keeps its locks and can only ask. If the coordinator is away, it is blocked for so long; how long that was is reported. An abort needs no record: a coordinator that knows nothing of a transaction says that it was aborted (presumed abort).',
  ],
  sources: [
    'Gray, Notes on Data Base Operating Systems, 1978',
    'Bernstein, Hadzilacos and Goodman, Concurrency Control and Recovery in Database Systems, 1987, §7.4',
    'Mohan, Lindsay and Obermarck, Transaction Management in the R* Distributed Database Management System, TODS 1986',
  ],
  assumes: { network: 'fair-loss', nodes: 'crash-recovery', timing: 'asynchronous' },
  guarantees: {
    safety: ['atomic-commitment', 'strict-serializable'],
    liveness: [
      {
        property: 'progress',
        given: 'all nodes that took part in a transaction are back and hear each other',
        tolerates: 0,
      },
      {
        property: 'termination',
        given:
          'all who took part are back and hear each other; while the coordinator is away, whoever has voted yes is blocked',
        tolerates: 0,
      },
    ],
  },
  bugs: {
    'participant-forgets-yes': {
      about: 'a yes lives in memory only: a restarted shard knows of nothing that it could commit',
      workload: 'transfer',
      nemeses: ['kill:interval=300ms,duration=100ms', 'packet:kinds=delay,delay=40ms'],
    },
    'coordinator-forgets-decision': {
      about:
        'the decision to commit is told without a record: restarted, the coordinator says it was an abort',
      workload: 'transfer',
      nemeses: ['kill:interval=300ms,duration=100ms', 'packet:kinds=loss,loss=0.5'],
    },
    'aborts-after-yes': {
      about:
        'a shard that has voted yes and hears nothing aborts after a while, though others may have committed',
      workload: 'transfer',
      nemeses: ['partition', 'packet'],
    },
  },
  serves: { transfer: ['transfer', 'read', 'log'] },
  parameters: PARAMETERS,
  tries: [
    [
      '--node-faults crash-stop --nemesis kill:restart=no --runs 5',
      'coordinators that never come back: an end is not promised then, and votes may get no decision; compare ' +
        'fault-tolerant-2pc under the same',
    ],
  ],
  deploy({ bugs, parameters }) {
    const { resend, cooperative, ...rest } = parameters as ParameterValues<typeof PARAMETERS>;
    const options = { bugs, resend, cooperative, voteTimeout: rest['vote-timeout'] };
    return { program: (context) => new CommitNode(context, options), client: requestClient };
  },
};
