import { MILLISECOND, SECOND } from '../../../world/nanos.ts';
import type { Parameters, ParameterValues } from '../../../world/parameters.ts';

/** What can be set, with defaults. */
export const PARAMETERS = {
  'election-timeout': {
    type: 'duration',
    default: 150 * MILLISECOND,
    about: 'a follower that hears from no leader for this long, or up to twice as long, stands for election',
  },
  heartbeat: { type: 'duration', default: 50 * MILLISECOND, about: 'how often a leader is heard of' },
  'step-down-after': {
    type: 'duration',
    default: 3 * SECOND,
    about: 'a leader that no majority has answered for this long gives up',
  },
  'remove-after': {
    type: 'duration',
    default: 2 * SECOND,
    about: 'the leader removes a member that has not answered for this long',
  },
  'snapshot-every': {
    type: 'integer',
    default: 100,
    min: 1,
    about: 'entries applied between two snapshots',
  },
  'try-timeout': {
    type: 'duration',
    default: 500 * MILLISECOND,
    about: 'a client that waits this long for an answer asks another node',
  },
} as const satisfies Parameters;

/** The parameters as read. */
export type Settings = ParameterValues<typeof PARAMETERS>;

/** A membership never gets smaller than this. */
export const LEAST_MEMBERS = 3;
