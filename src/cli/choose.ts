import { didYouMean } from '../world/did-you-mean.ts';
import { UsageError } from '../world/usage-error.ts';

/** The one of the known names that a flag gives; throws a `UsageError` that begins with the flag for any other. */
export function choose<T extends string>(name: string, known: readonly T[], flag: string): T {
  const found = known.find((other) => other === name);
  if (found !== undefined) return found;
  throw new UsageError(`${flag}: no "${name}"${didYouMean(name, known)}; choose from ${known.join(', ')}`);
}
