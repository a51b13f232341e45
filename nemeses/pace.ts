import { formatDuration, MILLISECOND, type Nanos, SECOND } from '../src/world/nanos.ts';
import type { Parameters, ParameterValues } from '../src/world/parameters.ts';
import type { RandomStream } from '../src/world/random.ts';
import { UsageError } from '../src/world/usage-error.ts';

/** What every nemesis has: how long it leaves the system alone, and how long each of its faults lasts. */
export const PACE = {
  interval: { type: 'duration', default: 2 * SECOND, about: 'healthy time before each fault, on average' },
  duration: { type: 'duration', default: 2 * SECOND, about: 'how long a fault lasts, on average' },
} as const satisfies Parameters;

/** A time between half and one and a half of `mean`: evenly drawn, so that no two schedules run in lockstep. */
export function around(random: RandomStream, mean: Nanos): Nanos {
  return Math.floor(mean / 2 + random.float() * mean);
}

/** Refuses a pace at which faults would follow one another without any time passing. */
export function requirePace(pace: ParameterValues<typeof PACE>, nemesis: string): void {
  if (pace.interval + pace.duration < MILLISECOND) {
    const each = `interval=${formatDuration(pace.interval)}, duration=${formatDuration(pace.duration)}`;
    throw new UsageError(`nemesis ${nemesis}: ${each} is no pace; give them at least 1ms together`);
  }
}
