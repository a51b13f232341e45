import type { Pending, Step } from './generator.ts';

/** Nothing now; ask again after the next event. */
export const WAIT: Step = { pending: {} };

/** Whichever of the two ends first. */
export function sooner(a: Pending, b: Pending): Pending {
  if (a.until === undefined) return b;
  if (b.until === undefined) return a;
  return a.until <= b.until ? a : b;
}

/**
 * Asks `count` sources one after another, round from number `start`: the first operation that one gives; else the
 * soonest time at which one wants to be asked again; done when all are.
 */
export function askInTurn(count: number, start: number, ask: (i: number) => Step): Step {
  let pending: Pending | undefined;
  for (let i = 0; i < count; i++) {
    const step = ask((start + i) % count);
    if (step === 'done') continue;
    if ('op' in step) return step;
    pending = pending === undefined ? step.pending : sooner(pending, step.pending);
  }
  return pending === undefined ? 'done' : { pending };
}
