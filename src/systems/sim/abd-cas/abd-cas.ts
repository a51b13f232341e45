import { MILLISECOND } from '../../../world/nanos.ts';
import type { System } from '../../../world/system.ts';
import { requestClient } from '../shared/request-client.ts';
import { AbdCasNode } from './program.ts';

/** The atomic register with compare-and-set, which quorums alone can't give: each change is a decision. */
export const abdCas: System = {
  name: 'abd-cas',
  about: 'atomic register with compare-and-set: reads by majorities, every next version decided by consensus',
  lecture: 'replica consistency',
  how: [
    'Reads are those of the ABD register: the latest of a majority, written back. Compare-and-set cannot be had from timestamps alone, because it must agree on who comes next.',
    'So each version of a key is decided by a consensus of its own (Paxos), and a compare-and-set proposes the version after the one that it saw.',
  ],
  sources: [
    'Attiya, Bar-Noy and Dolev, Sharing Memory Robustly in Message-Passing Systems, JACM 1995',
    'Herlihy, Wait-Free Synchronization, TOPLAS 1991',
  ],
  assumes: { network: 'fair-loss', nodes: 'crash-recovery', timing: 'asynchronous' },
  guarantees: {
    safety: ['linearizable'],
    liveness: [
      {
        property: 'progress',
        given: 'a majority of the nodes hear each other, for long enough that no rival outbids a change',
      },
    ],
  },
  bugs: {
    'no-write-back': {
      about: 'a read answers after its first phase: the version that it saw may be at a minority only',
      workload: 'register',
      nemeses: ['partition:kinds=bridge+random-halves', 'packet'],
    },
    'cas-without-consensus': {
      about: 'compare-and-set reads, compares and then writes: two that find the same value both succeed',
      workload: 'register',
      nemeses: ['packet'],
    },
    'acknowledged-before-stored': {
      about: 'a change is acknowledged when it is decided, before a majority has stored it where reads look',
      workload: 'register',
      nemeses: ['packet:kinds=loss+delay,loss=0.5,delay=20ms,interval=500ms,duration=3s'],
    },
  },
  serves: { register: ['read', 'write', 'cas'] },
  parameters: {
    resend: {
      type: 'duration',
      default: 100 * MILLISECOND,
      about: 'unanswered messages are sent again after this',
    },
  },
  deploy({ bugs, parameters }) {
    const resend = parameters.resend as number;
    return { program: (context) => new AbdCasNode(context, { bugs, resend }), client: requestClient };
  },
};
