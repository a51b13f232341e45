import type { System } from '../../../world/system.ts';
import { SpannerClient } from './client.ts';
import { SpannerNode } from './program.ts';
import { PARAMETERS, type Settings } from './settings.ts';
import { firstValues } from './transactions.ts';

/** A database of several Paxos groups whose transactions are ordered by clocks that know how wrong they may be. */
export const spanner: System = {
  name: 'spanner',
  about: 'transactions over Paxos groups: TrueTime intervals, commit wait, two-phase commit, snapshot reads',
  lecture: 'case studies',
  how: [
    'The keys are divided among groups; each group is a Paxos log, replicated on all nodes. A transaction that writes takes its locks from the leaders of its groups (two-phase locking, wound-wait) and commits by two-phase commit among these leaders, each step being an entry in a log: so no crash of a node blocks it.',
    'The coordinator gives the transaction a time s that no clock in the world has surely passed: TT.now().latest. Then it waits until TT.after(s) (commit wait): whoever hears of the commit hears of it after s. So a transaction that begins after another has ended has a later time, on whatever node.',
    'A transaction that only reads takes no locks: it reads the versions as of TT.now().latest, on any replica, once that has everything up to there (its safe time): no entry to come is of that time or before, and no transaction prepared before it is still open.',
    'All of it rests on one bound: no wall clock is further than epsilon from true time. The model of a test says so (--clock-error), and faults keep within it.',
  ],
  sources: [
    "Corbett et al., Spanner: Google's Globally-Distributed Database, OSDI 2012",
    'Rosenkrantz, Stearns and Lewis, System Level Concurrency Control for Distributed Database Systems, TODS 1978',
  ],
  assumes: {
    network: 'fair-loss',
    nodes: 'crash-recovery',
    timing: 'partially-synchronous',
    clockError: PARAMETERS.epsilon.default,
  },
  assumesWith: ({ epsilon }) => ({ ...spanner.assumes, clockError: epsilon as number }),
  guarantees: {
    safety: ['strict-serializable'],
    liveness: [
      {
        property: 'progress',
        given: 'a majority of the nodes hear each other in less than a lease of the leaders',
      },
    ],
  },
  bugs: {
    'no-commit-wait': {
      about: "a commit is told at once: who hears of it may read elsewhere at a time before the commit's",
      workload: 'append',
      nemeses: [
        'clock:kinds=bump+strobe,bump=4ms,strobe=4ms,interval=50ms,duration=1s,targets=minority+majority+all',
      ],
    },
    'epsilon-understated': {
      about: 'the clocks are believed to be ten times as good as they are',
      workload: 'append',
      nemeses: [
        'clock:kinds=bump+strobe,bump=4ms,strobe=4ms,interval=50ms,duration=1s,targets=minority+majority+all',
      ],
    },
    'ignores-safe-time': {
      about: 'a replica reads at a time for which it has not yet got everything',
      workload: 'append',
      nemeses: ['partition', 'packet'],
    },
    'locks-not-restored': {
      about: 'a new leader knows nothing of the locks of transactions that its predecessor has prepared',
      workload: 'append',
      nemeses: ['kill:targets=leader,interval=200ms,duration=200ms', 'packet:kinds=delay+loss,delay=30ms'],
    },
  },
  serves: { append: ['txn'], bank: ['transfer', 'read'] },
  parameters: PARAMETERS,
  deploy({ workload, bugs, parameters }) {
    const settings = parameters as Settings;
    const first = firstValues(workload);
    return {
      program: (context) => new SpannerNode(context, { settings, bugs, first }),
      client: (context) => new SpannerClient(context, settings, workload),
    };
  },
};
