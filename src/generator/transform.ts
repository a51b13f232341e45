import type { RandomStream } from '../world/random.ts';
import type { Generator, Planned } from './generator.ts';

/** Each operation as `change` makes it. */
export function map(change: (op: Planned) => Planned, generator: Generator): Generator {
  return {
    next(context) {
      const step = generator.next(context);
      return step !== 'done' && 'op' in step ? { op: change(step.op) } : step;
    },
    observe: generator.observe?.bind(generator),
  };
}

/** The operations that `keep` admits; the others are thrown away. Never ends asking if none of infinitely many is. */
export function filter(keep: (op: Planned) => boolean, generator: Generator): Generator {
  return {
    next(context) {
      for (;;) {
        const step = generator.next(context);
        if (step === 'done' || 'pending' in step || keep(step.op)) return step;
      }
    },
    observe: generator.observe?.bind(generator),
  };
}

/** Draws from `random` instead of the stream at hand, so that what it draws does not depend on its neighbours. */
export function withRandom(random: RandomStream, generator: Generator): Generator {
  const observe = generator.observe?.bind(generator);
  return {
    next: (context) => generator.next({ ...context, random }),
    observe: observe && ((event, context) => observe(event, { ...context, random })),
  };
}
