import { MILLISECOND, MINUTE, SECOND } from '../../../world/nanos.ts';
import type { Parameters, ParameterValues } from '../../../world/parameters.ts';

export const PARAMETERS = {
  poll: { type: 'duration', default: SECOND, about: 'time between two questions to the server' },
  'server-error': {
    type: 'duration',
    default: 2 * MILLISECOND,
    about: "how far the server's clock may be from true time",
  },
  'boot-offset': {
    type: 'duration',
    default: 30 * MINUTE,
    about:
      'how wrong the clock of a node may be when its process starts, but for the server; small offsets are as likely as large',
  },
} as const satisfies Parameters;

export type Settings = ParameterValues<typeof PARAMETERS>;
