import { MILLISECOND } from '../../../world/nanos.ts';
import type { System } from '../../../world/system.ts';
import { requestClient } from '../shared/request-client.ts';
import { PaxosNode } from './program.ts';

/** Consensus on single values: Lamport's Synod. */
export const paxos: System = {
  name: 'paxos',
  about: 'single-decree Paxos: the nodes agree on one of the values proposed for each key',
  lecture: 'consensus',
  how: [
    'A proposer asks a majority to promise a ballot; an acceptor that promises tells what it has accepted before, and will accept nothing of a lower ballot.',
    'The proposer then proposes the value of the highest accepted ballot it heard of, its own only if there is none; a value that a majority accepts is decided. Promises and accepted values are synced before they are answered for.',
  ],
  sources: ['Lamport, The Part-Time Parliament, TOCS 1998', 'Lamport, Paxos Made Simple, 2001'],
  assumes: { network: 'fair-loss', nodes: 'crash-recovery', timing: 'asynchronous' },
  guarantees: {
    safety: ['consensus'],
    liveness: [
      {
        property: 'progress',
        given: 'a majority hear each other for long enough, and no rival outbids a proposal',
      },
      {
        property: 'termination',
        given: 'a majority hear each other for long enough, and no rival outbids a proposal',
      },
    ],
  },
  bugs: {
    'promise-not-persisted': {
      about: 'promises live in memory only: a restarted acceptor accepts what it has promised to refuse',
      workload: 'consensus',
      nemeses: [
        'partition:kinds=bridge,interval=300ms',
        'kill:targets=one+minority,interval=100ms,duration=50ms',
        'packet:kinds=delay,delay=40ms,targets=all,interval=300ms',
      ],
    },
    'accepts-lower-ballot': {
      about: 'an acceptor accepts any proposal, also one of a lower ballot than it has promised',
      workload: 'consensus',
      nemeses: ['packet'],
    },
    'keeps-own-value': {
      about: 'a proposer proposes its own value even where the promises report an accepted one',
      workload: 'consensus',
      nemeses: ['packet'],
    },
    'asks-once': {
      about:
        'a proposer does not ask again when no majority answers: a proposal whose messages were lost is stuck for ever',
      workload: 'consensus',
      nemeses: ['packet:kinds=loss,targets=all'],
    },
    'majority-of-half': {
      about: 'n/2 nodes count as a majority: two such sets need not have a node in common',
      workload: 'consensus',
      nemeses: ['partition'],
    },
  },
  serves: { consensus: ['propose'] },
  parameters: {
    resend: {
      type: 'duration',
      default: 100 * MILLISECOND,
      about: 'unanswered messages are sent again after this',
    },
  },
  deploy({ bugs, parameters }) {
    const resend = parameters.resend as number;
    return { program: (context) => new PaxosNode(context, { bugs, resend }), client: requestClient };
  },
};
