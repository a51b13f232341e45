import { MILLISECOND } from '../../../../world/nanos.ts';
import type { Parameters } from '../../../../world/parameters.ts';

/** What a system on a total-order broadcast lets its user set. */
export const TOTAL_ORDER_PARAMETERS = {
  heartbeat: {
    type: 'duration',
    default: 50 * MILLISECOND,
    about: 'how often a leader is heard of, and unanswered messages are sent again',
  },
  'suspect-after': {
    type: 'duration',
    default: 300 * MILLISECOND,
    about: 'a node that hears of no leader for this long, or up to twice as long, turns to the next one',
  },
} as const satisfies Parameters;
