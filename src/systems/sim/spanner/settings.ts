import { MILLISECOND, SECOND } from '../../../world/nanos.ts';
import type { Parameters, ParameterValues } from '../../../world/parameters.ts';
import { PARAMETERS as MULTI_PAXOS } from '../shared/multi-paxos/settings.ts';

export const PARAMETERS = {
  epsilon: {
    type: 'duration',
    default: 4 * MILLISECOND,
    about: 'how far from true time a wall clock may be: the half of the width of a TrueTime interval',
  },
  groups: { type: 'integer', default: 3, min: 1, about: 'Paxos groups among which the keys are divided' },
  resend: {
    type: 'duration',
    default: 100 * MILLISECOND,
    about: 'unanswered messages between groups are sent again after this',
  },
  'vote-timeout': {
    type: 'duration',
    default: 1 * SECOND,
    about: 'a transaction whose participants have not prepared by then is aborted',
  },
  idle: {
    type: 'duration',
    default: 2 * SECOND,
    about: 'the locks of a transaction that has asked for nothing more for this long are freed',
  },
  ...MULTI_PAXOS,
} as const satisfies Parameters;

export type Settings = ParameterValues<typeof PARAMETERS>;
