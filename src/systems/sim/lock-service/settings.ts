import { MILLISECOND } from '../../../world/nanos.ts';
import type { Parameters, ParameterValues } from '../../../world/parameters.ts';
import { PARAMETERS as MULTI_PAXOS } from '../shared/multi-paxos/settings.ts';

export const PARAMETERS = {
  'lock-lease': {
    type: 'duration',
    default: 400 * MILLISECOND,
    about:
      'a lock whose holder has not released it comes free after this; the holder itself relies on it for half as long',
  },
  ...MULTI_PAXOS,
} as const satisfies Parameters;

export type Settings = ParameterValues<typeof PARAMETERS>;
