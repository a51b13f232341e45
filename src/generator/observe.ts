import type { Generator } from './generator.ts';

/** Tells each of the generators of an event; undefined when none of them observes. */
export function observeAll(generators: readonly Generator[]): Generator['observe'] {
  const observers = generators.filter((generator) => generator.observe !== undefined);
  if (observers.length === 0) return undefined;
  return (event, context) => {
    for (const observer of observers) observer.observe!(event, context);
  };
}
