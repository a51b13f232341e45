import type { ParameterValues } from '../../../world/parameters.ts';
import type { System } from '../../../world/system.ts';
import { LogClient } from '../shared/log-client.ts';
import { BUGS, switches } from './bugs.ts';
import { RaftProgram } from './program.ts';
import { PARAMETERS } from './settings.ts';

/** Consensus by a replicated log (Ongaro, "Consensus: Bridging Theory and Practice", 2014). */
export const raft: System = {
  name: 'raft',
  about: 'replicated log with a leader: elections with pre-vote, read-index, snapshots, membership changes',
  assumes: { network: 'fair-loss', nodes: 'crash-recovery', timing: 'asynchronous' },
  guarantees: {
    safety: ['linearizable', 'strict-serializable'],
    liveness: [
      'an operation ends while a majority of the members hear each other in less than an election time-out',
    ],
  },
  bugs: BUGS,
  serves: { register: ['read', 'write', 'cas'], set: ['add', 'read'], append: ['txn'] },
  parameters: PARAMETERS,
  deploy({ bugs, parameters }) {
    const settings = parameters as ParameterValues<typeof PARAMETERS>;
    const on = switches(bugs);
    return {
      program: (context) => new RaftProgram(context, settings, on),
      client: (context) => new LogClient(context, settings['try-timeout']),
    };
  },
};
