import type { ParameterValues } from '../../../world/parameters.ts';
import type { System } from '../../../world/system.ts';
import { LogClient } from '../shared/log-client.ts';
import { BUGS, switches } from './bugs.ts';
import { RaftProgram } from './program.ts';
import { LEAST_MEMBERS, PARAMETERS } from './settings.ts';

/** Consensus by a replicated log (Ongaro, "Consensus: Bridging Theory and Practice", 2014). */
export const raft: System = {
  name: 'raft',
  about: 'replicated log with a leader: elections with pre-vote, read-index, snapshots, membership changes',
  lecture: 'consensus',
  how: [
    "A leader, elected by a majority for a term, appends the clients' commands to its log and sends them on; an entry that a majority stores, of the leader's own term, is committed, and every node applies the committed entries in order.",
    'A node votes once a term, and only for a candidate whose log is at least as up to date as its own, so the next leader has every committed entry. Term, vote and log are synced before they are answered for.',
    "A read asks a majority whether the leader still leads (read-index); a snapshot replaces the log's head; members change one at a time.",
  ],
  sources: [
    'Ongaro and Ousterhout, In Search of an Understandable Consensus Algorithm, USENIX ATC 2014',
    'Ongaro, Consensus: Bridging Theory and Practice, 2014',
  ],
  assumes: { network: 'fair-loss', nodes: 'crash-recovery', timing: 'asynchronous' },
  guarantees: {
    safety: ['linearizable', 'strict-serializable'],
    liveness: [
      {
        property: 'progress',
        given: 'a majority of the members hear each other in less than an election time-out',
        // Who was long silent may be removed though it lives, and the least membership bears the loss of one.
        tolerates: (LEAST_MEMBERS - 1) >> 1,
      },
    ],
  },
  bugs: BUGS,
  serves: {
    register: ['read', 'write', 'cas'],
    set: ['add', 'read'],
    append: ['txn'],
    'rw-register': ['txn'],
    'long-fork': ['txn'],
    bank: ['transfer', 'read'],
    queue: ['enqueue', 'dequeue'],
    kafka: ['assign', 'send', 'poll', 'txn'],
    counter: ['add', 'read'],
    'unique-ids': ['generate'],
  },
  parameters: PARAMETERS,
  deploy({ workload, bugs, parameters }) {
    const settings = parameters as ParameterValues<typeof PARAMETERS>;
    const on = switches(bugs);
    return {
      program: (context) => new RaftProgram(context, settings, on),
      client: (context) => new LogClient(context, settings['try-timeout'], workload),
    };
  },
};
