import type { Generator } from './generator.ts';
import { observeAll } from './observe.ts';
import { askInTurn } from './step.ts';

/** A generator drawn at random for each operation; done when all are. Waits for the one drawn if that has nothing yet. */
export function mix(...generators: readonly Generator[]): Generator {
  const left = generators.slice();
  let drawn: number | undefined;
  return {
    next(context) {
      while (left.length > 0) {
        drawn ??= context.random.int(left.length);
        const step = left[drawn]!.next(context);
        if (step !== 'done') {
          if ('op' in step) drawn = undefined;
          return step;
        }
        left.splice(drawn, 1);
        drawn = undefined;
      }
      return 'done';
    },
    observe: observeAll(generators),
  };
}

/** Whichever generator has an operation first; among several, one drawn at random. Done when all are. */
export function any(...generators: readonly Generator[]): Generator {
  return {
    next(context) {
      const start = generators.length > 1 ? context.random.int(generators.length) : 0;
      return askInTurn(generators.length, start, (i) => generators[i]!.next(context));
    },
    observe: observeAll(generators),
  };
}

/** An operation of each generator in turn; done as soon as the one whose turn it is, is done. */
export function flipFlop(...generators: readonly Generator[]): Generator {
  let turn = 0;
  return {
    next(context) {
      const step = generators[turn]!.next(context);
      if (step !== 'done' && 'op' in step) turn = (turn + 1) % generators.length;
      return step;
    },
    observe: observeAll(generators),
  };
}

/**
 * A mix of some of the generators: each is in with probability one half, at least one of them, drawn when first asked.
 * What one feature never does lets the others go further (Groce et al., Swarm Testing, 2012).
 */
export function swarm(...generators: readonly Generator[]): Generator {
  let drawn: Generator | undefined;
  return {
    next(context) {
      if (drawn === undefined) {
        const kept = generators.filter(() => context.random.chance(0.5));
        drawn = mix(...(kept.length > 0 ? kept : [context.random.pick(generators)]));
      }
      return drawn.next(context);
    },
    observe: observeAll(generators),
  };
}
