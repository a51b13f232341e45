import type { Nanos } from '../../../world/nanos.ts';
import type { NodeContext } from '../../../world/node-program.ts';

/** TrueTime: true time is surely within [earliest, latest] (Corbett et al. 2012, §3, table 1). */
export interface TrueTime {
  earliest(): Nanos;
  latest(): Nanos;
  /** Whether this time has surely passed. */
  after(t: Nanos): boolean;
}

/** `epsilon`: how far from true time the wall clock may be. */
export function trueTime(context: NodeContext<never>, epsilon: Nanos): TrueTime {
  return {
    earliest: () => context.wallClock() - epsilon,
    latest: () => context.wallClock() + epsilon,
    after: (t) => context.wallClock() - epsilon > t,
  };
}
