import { MILLISECOND } from '../../../world/nanos.ts';
import type { Parameters } from '../../../world/parameters.ts';

/** What both algorithms let their user set. */
export const PARAMETERS = {
  traitors: {
    type: 'integer',
    default: 1,
    min: 1,
    max: 3,
    about: 'how many traitors the algorithm must bear: m in OM(m) and SM(m)',
  },
  round: {
    type: 'duration',
    default: 20 * MILLISECOND,
    about: 'the length of a round: what is sent at its beginning has arrived by its end',
  },
} as const satisfies Parameters;

/** Rounds after the first in which lieutenants pass on what they heard. */
export function relays(traitors: number, bugs: ReadonlySet<string>): number {
  // A traitor may lie in the last round to some and not to others, so there must be one round for each and one more.
  return bugs.has('one-round-too-few') ? traitors - 1 : traitors;
}
