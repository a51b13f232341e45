import type { Model } from '../model.ts';
import { unknownFunction } from './unknown-function.ts';

/** A lock, free at first: `acquire` when it is free, `release` when it is held, by whomever. */
export const mutexModel: Model<number> = {
  ...semaphoreModel(1),
  name: 'mutex',
  describe: (free) => (free ? 'free' : 'held'),
};

/**
 * A semaphore of `permits` permits: `acquire` takes as many as its argument says, one if it says nothing,
 * `release` gives back.
 */
export function semaphoreModel(permits: number): Model<number> {
  return {
    name: 'semaphore',
    init: () => permits,
    step(free, { f, argument }) {
      const wanted = typeof argument === 'number' ? argument : 1;
      if (f === 'acquire') return free >= wanted ? free - wanted : undefined;
      if (f === 'release') return free + wanted <= permits ? free + wanted : undefined;
      throw unknownFunction('semaphore', f, ['acquire', 'release']);
    },
    equal: (a, b) => a === b,
    hash: (free) => free,
    describe: (free) => `${free} of ${permits} permits free`,
  };
}
