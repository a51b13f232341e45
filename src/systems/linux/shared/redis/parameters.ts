import type { Parameters, ParameterValues } from '../../../../world/parameters.ts';

/** What both ways to run Redis let the user choose. */
export const PARAMETERS = {
  wait: {
    type: 'integer',
    default: 0,
    min: 0,
    about: 'replicas that must have a write before it counts (WAIT)',
  },
} as const satisfies Parameters;

export type Settings = ParameterValues<typeof PARAMETERS>;
