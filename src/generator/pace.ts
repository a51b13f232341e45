import type { Nanos } from '../world/nanos.ts';
import type { Generator, GeneratorContext } from './generator.ts';

/**
 * Operations at random times: the pause after each is uniform in [0, 2·`mean`), whichever thread it runs on, so that
 * `stagger(SECOND / rate, ...)` makes `rate` operations a second in all. As in Jepsen, what could not begin in time (all
 * threads were busy) is not made up for.
 */
export function stagger(mean: Nanos, generator: Generator): Generator {
  return spaced(generator, (context) => Math.floor(context.random.float() * 2 * mean));
}

/** Operations at least `interval` apart, whichever thread they run on. */
export function delay(interval: Nanos, generator: Generator): Generator {
  return spaced(generator, () => interval);
}

/** No operation, for `duration` from being asked for the first time. */
export function sleep(duration: Nanos): Generator {
  let end: Nanos | undefined;
  return {
    next(context) {
      end ??= context.time + duration;
      return context.time >= end ? 'done' : { pending: { until: end } };
    },
  };
}

/** Asks the generator only once the pause after its last operation is over: what it gives must be performed at once. */
function spaced(generator: Generator, pause: (context: GeneratorContext) => Nanos): Generator {
  let nextTime = 0;
  return {
    next(context) {
      if (context.time < nextTime) return { pending: { until: nextTime } };
      const step = generator.next(context);
      if (step !== 'done' && 'op' in step) nextTime = context.time + pause(context);
      return step;
    },
    observe: generator.observe?.bind(generator),
  };
}
