import { stringify } from 'yaml';
import { formatDuration } from '../world/nanos.ts';
import type { TestSpec } from './test-spec.ts';

/** A spec as a user would write it, durations with their units. */
export function plainSpec(spec: TestSpec): Readonly<Record<string, unknown>> {
  const { clockError, ...triple } = spec.model;
  return {
    ...spec,
    model: { ...triple, ...(clockError === undefined ? {} : { clockError: formatDuration(clockError) }) },
    timeLimit: formatDuration(spec.timeLimit),
    settle: formatDuration(spec.settle),
    timeout: formatDuration(spec.timeout),
  };
}

/** A spec as YAML that reads back as the same spec. */
export function formatSpec(spec: TestSpec): string {
  return stringify(plainSpec(spec), { lineWidth: 0 });
}
