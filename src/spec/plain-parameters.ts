import { formatDuration } from '../world/nanos.ts';
import {
  type AnyParameterValues,
  type Parameters,
  type ParameterValues,
  readParameters,
} from '../world/parameters.ts';
import { UsageError } from '../world/usage-error.ts';
import type { PlainParameters } from './test-spec.ts';

/** Reads parameters as a spec holds them. Unlike code, a user who writes 5 for a time can't mean nanoseconds. */
export function readPlainParameters<P extends Parameters>(
  declared: P,
  given: PlainParameters,
  where: string,
): ParameterValues<P> {
  for (const [name, value] of Object.entries(given)) {
    if (declared[name]?.type === 'duration' && typeof value === 'number' && value !== 0)
      throw new UsageError(`${where}: ${name}: ${value} of what? write ${value}s, ${value}ms ...`);
  }
  return readParameters(declared, given, where);
}

/** Parameter values as a user would write them, so that a stored spec reads like one written by hand. */
export function plainParameters(declared: Parameters, values: AnyParameterValues): PlainParameters {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      declared[name]?.type === 'duration' ? formatDuration(value as number) : value,
    ]),
  );
}
