import { formatDuration } from '../world/nanos.ts';
import type { AnyParameterValues, Parameters } from '../world/parameters.ts';
import type { PlainParameters } from './test-spec.ts';

/** Parameter values as a user would write them, so that a stored spec reads like one written by hand. */
export function plainParameters(declared: Parameters, values: AnyParameterValues): PlainParameters {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      declared[name]?.type === 'duration' ? formatDuration(value as number) : value,
    ]),
  );
}
