import { MILLISECOND } from '../../../../world/nanos.ts';
import type { Parameters } from '../../../../world/parameters.ts';

/** What a system on flooding lets its user set. */
export const FLOODING_PARAMETERS = {
  resend: {
    type: 'duration',
    default: 100 * MILLISECOND,
    about: 'what was not acknowledged is sent again after this',
  },
} as const satisfies Parameters;
