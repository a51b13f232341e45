import type { Nanos } from '../world/nanos.ts';
import type { Generator } from './generator.ts';
import { sooner } from './step.ts';

/** The first `count` operations of a generator. */
export function limit(count: number, generator: Generator): Generator {
  let left = count;
  return {
    next(context) {
      if (left <= 0) return 'done';
      const step = generator.next(context);
      if (step !== 'done' && 'op' in step) left--;
      return step;
    },
    observe: generator.observe?.bind(generator),
  };
}

/** What a generator gives within `duration` of being asked for the first time. */
export function timeLimit(duration: Nanos, generator: Generator): Generator {
  let end: Nanos | undefined;
  return {
    next(context) {
      end ??= context.time + duration;
      if (context.time >= end) return 'done';
      const step = generator.next(context);
      if (step === 'done' || 'op' in step) return step;
      return { pending: sooner(step.pending, { until: end }) };
    },
    observe: generator.observe?.bind(generator),
  };
}
