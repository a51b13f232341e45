import { stringify } from 'yaml';
import { formatDuration, type Nanos, SECOND } from '../world/nanos.ts';
import type { Script } from './script.ts';
import type { TestSpec } from './test-spec.ts';

/** A spec as a user would write it, durations with their units. */
export function plainSpec(spec: TestSpec): Readonly<Record<string, unknown>> {
  const { script } = spec;
  const { clockError, ...triple } = spec.model;
  return {
    ...spec,
    model: { ...triple, ...(clockError === undefined ? {} : { clockError: formatDuration(clockError) }) },
    ...(script === undefined ? {} : { script: plainScript(script) }),
    timeLimit: formatDuration(spec.timeLimit),
    recovery: formatDuration(spec.recovery),
    settle: formatDuration(spec.settle),
    timeout: formatDuration(spec.timeout),
  };
}

function plainScript({ operations, faults, steady }: Script): unknown {
  const timed = <T extends { readonly at: Nanos }>(move: T) => ({ ...move, at: `${move.at / SECOND}s` });
  return {
    ...(steady && { steady }),
    ...(operations && { operations: operations.map(timed) }),
    faults: faults.map(timed),
  };
}

/** A spec as YAML that reads back as the same spec; `anomalies`: the kinds that its run showed, which are noted with it. */
export function formatSpec(spec: TestSpec, anomalies: readonly string[] = []): string {
  const noted = anomalies.length === 0 ? {} : { anomalies };
  return stringify({ ...plainSpec(spec), ...noted }, { lineWidth: 0 });
}
