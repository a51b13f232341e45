import { MILLISECOND } from '../../../../world/nanos.ts';
import type { Parameters, ParameterValues } from '../../../../world/parameters.ts';

export const PARAMETERS = {
  lease: {
    type: 'duration',
    default: 150 * MILLISECOND,
    about:
      'a node that has heard a leader helps nobody else to lead for this long, and stands itself within as much again',
  },
  reads: {
    type: 'choice',
    of: ['log', 'lease'],
    default: 'log',
    about:
      'reads go through the log, or a leader answers them at once while its lease lasts, which is right only where clocks drift no more than `drift`',
  },
  drift: {
    type: 'integer',
    default: 200,
    min: 0,
    about: 'parts in a million that a clock runs too fast or too slow at most',
  },
  heartbeat: { type: 'duration', default: 50 * MILLISECOND, about: 'how often a leader is heard of' },
  'try-timeout': {
    type: 'duration',
    default: 500 * MILLISECOND,
    about: 'a client that waits this long for an answer asks another node',
  },
} as const satisfies Parameters;

export type Settings = ParameterValues<typeof PARAMETERS>;
