import type { Nanos } from '../../../world/nanos.ts';
import type { System } from '../../../world/system.ts';
import { requestClient } from '../shared/request-client.ts';
import { oralMessages } from './oral.ts';
import { PARAMETERS, relays } from './parameters.ts';
import { General } from './program.ts';

/** The generals that it takes to bear so many traitors with oral messages. */
function generalsFor(traitors: number, bugs: ReadonlySet<string>): number {
  // With 3f a loyal general can't tell a lying commander from a lying lieutenant (section 2).
  return bugs.has('n-is-3f') ? 3 * traitors : 3 * traitors + 1;
}

/** Agreement among generals some of whom are traitors, by word of mouth. */
export const byzantineGenerals: System = {
  name: 'byzantine-generals',
  about: 'the Byzantine generals with oral messages, OM(m): loyal generals agree though traitors lie to them',
  lecture: 'models',
  how: [
    'A commander sends his order to all others, his lieutenants. Each of them tells all others what he heard, who tell what they heard that he heard, and so on for as many rounds as there may be traitors and one more. In the end each takes, from the inside out, what the majority says.',
    'A lieutenant alone can not find out whether the commander or another lieutenant lied to him. With more than three times as many generals as traitors the loyal ones outvote them at every step; with three times as many there is no algorithm at all.',
    'Messages are oral: who gets one knows who sent it, and nothing more. With signed messages fewer generals are enough: see byzantine-generals-signed.',
  ],
  sources: [
    'Lamport, Shostak and Pease, The Byzantine Generals Problem, TOPLAS 1982',
    'Pease, Shostak and Lamport, Reaching Agreement in the Presence of Faults, JACM 1980',
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
    'n-is-3f': {
      about:
        'takes three times as many generals as traitors for enough: two loyal ones against a liar among three',
      workload: 'generals',
      nemeses: ['byzantine'],
    },
    'one-round-too-few': {
      about: 'the generals tell each other what they heard for one round less: a traitor has the last word',
      workload: 'generals',
      nemeses: ['byzantine'],
    },
  },
  serves: { generals: ['command', 'log'] },
  parameters: PARAMETERS,
  tries: [
    ['--nodes 4 --nemesis byzantine --runs 5', 'n = 3f + 1: one traitor among four, and the loyal agree'],
    ['--nodes 3 --nemesis byzantine --beyond-model', 'n = 3f: one traitor among three, and they do not'],
    ['--param traitors=2 --nodes 7 --nemesis byzantine --runs 5', 'n = 3f + 1 with f = 2'],
  ],
  deploy({ bugs, parameters }) {
    const traitors = parameters.traitors as number;
    const algorithm = oralMessages(relays(traitors, bugs));
    return {
      nodes: { default: generalsFor(traitors, bugs), min: 3, max: 10 },
      bears(nodes) {
        let bearable = traitors;
        while (generalsFor(bearable, bugs) > nodes) bearable--;
        return bearable;
      },
      program: (context) => new General(context, algorithm, parameters.round as Nanos),
      client: requestClient,
    };
  },
};
