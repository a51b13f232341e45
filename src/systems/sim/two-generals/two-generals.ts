import type { Parameters } from '../../../world/parameters.ts';
import type { System } from '../../../world/system.ts';
import { requestClient } from '../shared/request-client.ts';
import { TwoGeneralsProgram } from './program.ts';

const PARAMETERS = {
  acknowledgements: {
    type: 'integer',
    default: 2,
    min: 0,
    max: 1000,
    about: 'messengers after the first, each of which confirms the one before: k',
  },
} as const satisfies Parameters;

/** The problem that has no solution where messages may be lost. */
export const twoGenerals: System = {
  name: 'two-generals',
  about: 'two generals who must attack together or not at all: impossible if messengers may be lost',
  lecture: 'models',
  how: [
    'One general sends a plan, the other confirms it, the first confirms the confirmation, and so on k times. Who sends the last messenger attacks, and who gets him attacks.',
    'With a reliable network that works, however slow it is. If a messenger may be lost, no number of confirmations is enough: the last one may be lost as well, and its sender can not know. Were it not needed, it could be left out, and the one before would be the last; so, one by one, all could, and with no messenger at all nobody can agree. The mistake is not in the program. For any k, see: momus test two-generals --network fair-loss --nemesis packet:kinds=loss.',
  ],
  sources: [
    'Akkoyunlu, Ekanadham and Huber, Some Constraints and Tradeoffs in the Design of Network Communications, SOSP 1975',
    'Gray, Notes on Data Base Operating Systems, 1978',
  ],
  assumes: { network: 'reliable', nodes: 'crash-stop', timing: 'asynchronous' },
  guarantees: {
    safety: ['coordinated-attack'],
    liveness: [
      { property: 'progress', given: 'a general is up' },
      { property: 'termination', given: 'all messengers have arrived' },
    ],
  },
  bugs: {},
  serves: { 'two-generals': ['plan', 'log'] },
  parameters: PARAMETERS,
  tries: [
    [
      '--param acknowledgements=0 --network fair-loss --nemesis packet:kinds=loss --runs 5',
      'messengers may be lost: one messenger alone is not enough',
    ],
    [
      '--param acknowledgements=7 --network fair-loss --nemesis packet:kinds=loss --runs 5',
      'nor are eight, nor any other number k + 1',
    ],
    ['--param acknowledgements=7 --nemesis packet:kinds=delay --runs 5', 'late, but never lost: they agree'],
  ],
  deploy: ({ parameters }) => ({
    nodes: { default: 2, min: 2, max: 2 },
    program: (context) => new TwoGeneralsProgram(context, parameters.acknowledgements as number),
    client: requestClient,
  }),
};
