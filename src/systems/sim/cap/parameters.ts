import { MILLISECOND } from '../../../world/nanos.ts';
import type { Parameters } from '../../../world/parameters.ts';

/** What both views of the register let their user set. */
export const PARAMETERS = {
  patience: {
    type: 'duration',
    default: 300 * MILLISECOND,
    about: 'a node that finds no majority for this long makes its choice',
  },
  resend: {
    type: 'duration',
    default: 100 * MILLISECOND,
    about: 'unanswered messages are sent again after this',
  },
  gossip: {
    type: 'duration',
    default: 200 * MILLISECOND,
    about: 'mean time between the gossip rounds of a node',
  },
} as const satisfies Parameters;
