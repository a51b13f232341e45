import { registry } from '../../src/campaign/registry.ts';
import { runSpec } from '../../src/campaign/run-spec.ts';
import { parseNemeses } from '../../src/spec/nemesis-text.ts';
import type { Outcome } from '../../src/spec/outcome.ts';
import { resolveSpec } from '../../src/spec/resolve.ts';
import type { SpecInput } from '../../src/spec/schema.ts';

export interface Run extends Omit<SpecInput, 'system' | 'bugs' | 'nemeses'> {
  readonly system: string;
  readonly bug?: string;
  /** As on the command line; those of the bug, or a swarm, unless given. */
  readonly nemeses?: string;
  readonly seed: number;
}

/** Runs a system of the catalogue, right or with a bug, and judges what happened. */
export async function run({ bug, nemeses, ...rest }: Run): Promise<Outcome> {
  const bugs = bug === undefined ? [] : [bug];
  const faults = nemeses === undefined ? {} : { nemeses: parseNemeses(nemeses) };
  const { outcome } = await runSpec(resolveSpec({ ...rest, bugs, ...faults }, registry));
  return outcome;
}

/** The kinds of anomaly that were found, and why a pass means little. */
export function findings({ verdicts }: Outcome): { anomalies: string[]; vacuous: string[] } {
  const anomalies = verdicts.flatMap((verdict) => verdict.anomalies.map(({ kind }) => kind));
  return { anomalies: [...new Set(anomalies)], vacuous: verdicts.flatMap(({ vacuous }) => [...vacuous]) };
}
