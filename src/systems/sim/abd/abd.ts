import { MILLISECOND } from '../../../world/nanos.ts';
import type { System } from '../../../world/system.ts';
import { requestClient } from '../shared/request-client.ts';
import { AbdNode } from './program.ts';

/** The atomic register without consensus. */
export const abd: System = {
  name: 'abd',
  about: 'multi-writer atomic register over majorities: read or find the timestamp, then write (back)',
  lecture: 'replica consistency',
  how: [
    "A write asks a majority for the latest timestamp, then stores the value with a later one, made unique by the client's id, on a majority.",
    'A read asks a majority for the latest value and writes it back to a majority before it answers: so no later read can see an older one.',
  ],
  sources: [
    'Attiya, Bar-Noy and Dolev, Sharing Memory Robustly in Message-Passing Systems, JACM 1995',
    'Lynch and Shvartsman, Robust Emulation of Shared Memory Using Dynamic Quorum-Acknowledged Broadcasts, FTCS 1997',
  ],
  assumes: { network: 'fair-loss', nodes: 'crash-recovery', timing: 'asynchronous' },
  guarantees: {
    safety: ['linearizable'],
    liveness: [{ property: 'progress', given: 'a majority of the nodes hear each other' }],
  },
  bugs: {
    'no-write-back': {
      about: 'a read answers after its first phase: the value that it saw may be at a minority only',
      workload: 'register',
      nemeses: ['partition:kinds=bridge+random-halves', 'packet'],
    },
    'timestamp-without-client': {
      about:
        'timestamps are bare counters: two writers pick the same, and replicas disagree whose value it stands for',
      workload: 'register',
      nemeses: ['packet'],
    },
    'acks-counted-twice': {
      about: "a repeated answer of one node counts as another node's: a majority that isn't one",
      workload: 'register',
      nemeses: ['packet', 'partition'],
    },
  },
  serves: { register: ['read', 'write'] },
  parameters: {
    resend: {
      type: 'duration',
      default: 100 * MILLISECOND,
      about: 'unanswered messages are sent again after this',
    },
  },
  deploy({ bugs, parameters }) {
    const resend = parameters.resend as number;
    return { program: (context) => new AbdNode(context, { bugs, resend }), client: requestClient };
  },
};
