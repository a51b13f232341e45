import type { Generator } from './generator.ts';
import { observeAll } from './observe.ts';
import { WAIT } from './step.ts';

/**
 * One generator after another, without waiting for what is still open. Those whose turn is yet to come observe the
 * history too.
 */
export function sequence(...generators: readonly Generator[]): Generator {
  let current = 0;
  return {
    next(context) {
      for (; current < generators.length; current++) {
        const step = generators[current]!.next(context);
        if (step !== 'done') return step;
      }
      return 'done';
    },
    observe: observeAll(generators),
  };
}

/** The generators that `following` makes, one after another until it gives null; each is made when its turn comes. */
export function chain(following: () => Generator | null): Generator {
  let current: Generator | null | undefined;
  return {
    next(context) {
      if (current === undefined) current = following();
      while (current !== null) {
        const step = current.next(context);
        if (step !== 'done') return step;
        current = following();
      }
      return 'done';
    },
    observe: (event, context) => current?.observe?.(event, context),
  };
}

/**
 * Begins with a new generator from `make` whenever the last is done: `times` of them, or without end. Ends early with one
 * that is done before it gave or waited for anything, since that would go on for ever.
 */
export function cycle(make: () => Generator, times = Number.POSITIVE_INFINITY): Generator {
  let begun = 0;
  let barren = false;
  return chain(() => {
    if (barren || begun++ >= times) return null;
    barren = true;
    const generator = make();
    return {
      next(context) {
        const step = generator.next(context);
        if (step !== 'done') barren = false;
        return step;
      },
      observe: generator.observe?.bind(generator),
    };
  });
}

/** Begins only once every thread is free. */
export function synchronize(generator: Generator): Generator {
  let begun = false;
  return {
    next(context) {
      begun ||= context.free.length === context.threads.length;
      return begun ? generator.next(context) : WAIT;
    },
    observe: generator.observe?.bind(generator),
  };
}

/** One generator after another, each begun only once the operations of those before it are complete. */
export function phases(...generators: readonly Generator[]): Generator {
  return sequence(...generators.map(synchronize));
}

/** `second` once `first` is done and its operations complete: Jepsen's `then`, whose name would make a module a promise. */
export function andThen(first: Generator, second: Generator): Generator {
  return sequence(first, synchronize(second));
}
