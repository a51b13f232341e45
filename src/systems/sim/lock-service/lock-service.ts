import type { System } from '../../../world/system.ts';
import { LockClient } from './client.ts';
import { LockServiceProgram } from './program.ts';
import { PARAMETERS, type Settings } from './settings.ts';

/** Locks that don't stay locked when their holder is gone (Burrows 2006; Kleppmann, How to do distributed locking, 2016). */
export const lockService: System = {
  name: 'lock-service',
  about: 'locks with leases and fencing tokens, kept in a log that is replicated by Multi-Paxos',
  lecture: 'consensus',
  how: [
    'A lock is held by lease: it ends by itself when its holder does not renew it, because a crashed holder never releases.',
    'A holder that was paused may wake after its lease has ended and another holds the lock. So each grant has a greater fencing token, and the resource refuses a token lower than one it has seen.',
  ],
  sources: [
    'Gray and Cheriton, Leases, SOSP 1989',
    'Burrows, The Chubby Lock Service for Loosely-Coupled Distributed Systems, OSDI 2006',
    'Kleppmann, How to do distributed locking, 2016',
  ],
  assumes: { network: 'fair-loss', nodes: 'crash-recovery', timing: 'asynchronous' },
  guarantees: {
    safety: ['mutual-exclusion', 'fencing'],
    liveness: [
      {
        property: 'progress',
        given:
          'a majority hear each other in less than a lease of the leader; a lock whose holder is gone comes free after its lease',
      },
    ],
  },
  bugs: {
    'no-fencing': {
      about:
        "the resource ignores fencing tokens: a write that was long on its way takes effect after the next holder's",
      workload: 'lock',
      nemeses: ['pause:targets=leader'],
    },
    'lease-by-wall-clock': {
      about: 'leases are measured by the wall clock: set forward, it gives a lock away that is still held',
      workload: 'lock',
      nemeses: ['clock:kinds=bump'],
    },
    'release-without-token': {
      about:
        'whoever releases a lock frees it, also one whose lease is over and that somebody else holds now',
      workload: 'lock',
      nemeses: ['pause', 'packet'],
    },
  },
  serves: { lock: ['acquire', 'release', 'write'] },
  parameters: PARAMETERS,
  deploy({ bugs, parameters }) {
    const settings = parameters as Settings;
    return {
      program: (context) => new LockServiceProgram(context, settings, bugs),
      client: (context) => new LockClient(context, settings),
    };
  },
};
