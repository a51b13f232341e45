import type { Nanos } from '../../../world/nanos.ts';
import type { System } from '../../../world/system.ts';
import { requestClient } from '../shared/request-client.ts';
import { PARAMETERS, relays } from './parameters.ts';
import { General } from './program.ts';
import { signedMessages } from './signed.ts';

/** Agreement among generals some of whom are traitors, in writing. */
export const byzantineGeneralsSigned: System = {
  name: 'byzantine-generals-signed',
  about: 'the Byzantine generals with signed messages, SM(m): three of them are enough, one a traitor',
  lecture: 'models',
  how: [
    'The commander signs his order. Who gets an order that he did not know of, properly signed, adds his own signature and passes it on to all who have not signed. After as many rounds as there may be traitors and one more, whoever knows of exactly one order obeys it; who knows of two, or none, retreats.',
    'A traitor can keep a message to himself, but can not change what a loyal general has signed. Two different orders with the signature of the commander prove him a traitor, and every loyal general sees that proof in time: an order that arrives in the last round has passed a loyal one before.',
  ],
  sources: [
    'Lamport, Shostak and Pease, The Byzantine Generals Problem, TOPLAS 1982, section 4',
    'Dolev and Strong, Authenticated Algorithms for Byzantine Agreement, SIAM Journal on Computing 1983',
  ],
  assumes: { network: 'reliable', nodes: 'byzantine', timing: 'synchronous' },
  guarantees: {
    safety: ['byzantine-agreement'],
    liveness: [
      {
        property: 'progress',
        given: 'no more nodes are traitors than it bears: one round for each, and one more',
      },
    ],
  },
  bugs: {
    'one-round-too-few': {
      about: 'orders are passed on for one round less: a traitor has the last word',
      workload: 'generals',
      nemeses: ['byzantine'],
    },
    'unsigned-relay-believed': {
      about:
        'signatures are not verified: what a traitor passes on is believed as if the commander had signed it',
      workload: 'generals',
      nemeses: ['byzantine'],
    },
  },
  serves: { generals: ['command', 'log'] },
  parameters: PARAMETERS,
  deploy({ bugs, parameters }) {
    const traitors = parameters.traitors as number;
    const algorithm = signedMessages(relays(traitors, bugs), bugs);
    return {
      // With a traitor less than all but one the problem is none: there must be two loyal ones to agree.
      nodes: { default: traitors + 2, min: 3, max: 10 },
      bears: (nodes) => Math.min(traitors, nodes - 2),
      program: (context) => new General(context, algorithm, parameters.round as Nanos),
      client: requestClient,
    };
  },
};
