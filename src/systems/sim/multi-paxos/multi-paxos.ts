import type { ParameterValues } from '../../../world/parameters.ts';
import type { System } from '../../../world/system.ts';
import { LogClient } from '../shared/log-client.ts';
import { MultiPaxosProgram } from '../shared/multi-paxos/program.ts';
import { PARAMETERS } from '../shared/multi-paxos/settings.ts';
import { emptyStateMachine, perform } from '../shared/state-machine.ts';

/** A replicated log, each slot of which is decided by Paxos under one leader (Lamport 2001, §3; van Renesse and Altinbuken 2015). */
export const multiPaxos: System = {
  name: 'multi-paxos',
  about:
    'replicated log: one leader proposes for every slot, its successor fills the gaps; reads by lease as an option',
  lecture: 'consensus',
  how: [
    'One ballot serves all slots of a log: its leader needs a single round for each command. A new leader learns what a majority has accepted, proposes it again under its own ballot, and fills the gaps with commands that do nothing.',
    'Reads go through the log, or, as an option, are answered by the leader alone while its lease lasts.',
  ],
  sources: [
    'Lamport, The Part-Time Parliament, TOCS 1998',
    'van Renesse and Altinbuken, Paxos Made Moderately Complex, ACM Computing Surveys 2015',
  ],
  assumes: { network: 'fair-loss', nodes: 'crash-recovery', timing: 'asynchronous' },
  // A lease trusts that clocks run about equally fast, as sound ones do.
  assumesWith: ({ reads }) => ({
    network: 'fair-loss',
    nodes: 'crash-recovery',
    timing: reads === 'lease' ? 'partially-synchronous' : 'asynchronous',
  }),
  guarantees: {
    safety: ['linearizable'],
    liveness: [{ property: 'progress', given: 'a majority hear each other in less than a lease' }],
  },
  bugs: {
    'gap-filled-with-new-value': {
      about:
        'a new leader gives slots that its own log lacks to new commands, whatever the others have accepted there',
      workload: 'register',
      nemeses: ['partition', 'kill'],
    },
    'lease-by-wall-clock': {
      about: 'the lease under which a leader answers reads is measured by the wall clock',
      workload: 'register',
      nemeses: ['clock:kinds=bump', 'partition:kinds=leader'],
    },
    'commits-other-ballot': {
      about:
        "a follower takes whatever it has accepted for decided once the leader's decisions have passed that slot",
      workload: 'set',
      nemeses: ['partition:kinds=leader'],
    },
  },
  serves: { register: ['read', 'write', 'cas'], set: ['add', 'read'] },
  parameters: PARAMETERS,
  deploy({ workload, bugs, parameters }) {
    const settings = parameters as ParameterValues<typeof PARAMETERS>;
    return {
      program(context) {
        const state = emptyStateMachine();
        const machine = { perform: (operation: Parameters<typeof perform>[1]) => perform(state, operation) };
        return new MultiPaxosProgram(context, { settings, bugs, machine });
      },
      client: (context) => new LogClient(context, settings['try-timeout'], workload),
    };
  },
};
