import type { System } from '../world/system.ts';
import type { CampaignInput } from './campaign-schema.ts';
import { Mistakes } from './mistakes.ts';
import type { Registry } from './registry.ts';
import type { SpecInput } from './schema.ts';
import type { Locate } from './yaml-file.ts';

export type CellPattern = CampaignInput['exclude'][number];

/** What a pattern asks of a test; what the test leaves to the system is not yet known. */
type Sketch = Pick<SpecInput, 'bugs' | 'workload' | 'nemeses' | 'model'> & { readonly system: string };

/** Whether a test has all that a pattern names. */
export function fits(test: Sketch, pattern: CellPattern, assumes: System['assumes'] | undefined): boolean {
  const { system, bug, workload, nemesis, model } = pattern;
  const of = { ...assumes, ...test.model };
  return (
    (system === undefined || test.system === system) &&
    (bug === undefined || test.bugs?.includes(bug) === true) &&
    (workload === undefined || test.workload === workload) &&
    (nemesis === undefined || test.nemeses?.some(({ name }) => name === nemesis) === true) &&
    (['network', 'nodes', 'timing'] as const).every(
      (part) => model?.[part] === undefined || model[part] === of[part],
    )
  );
}

/** Refuses patterns that name what there isn't, and those that exclude nothing: they have a slip in them. */
export function refuseUselessPatterns(
  patterns: readonly CellPattern[],
  used: ReadonlySet<CellPattern>,
  registry: Registry,
  locate: Locate,
): void {
  const mistakes = new Mistakes(locate);
  for (const [i, pattern] of patterns.entries()) {
    const { system, workload, nemesis } = pattern;
    if (used.has(pattern)) continue;
    if (system !== undefined) mistakes.named('system', system, registry.systems, ['exclude', i, 'system']);
    if (workload !== undefined)
      mistakes.named('workload', workload, registry.workloads, ['exclude', i, 'workload']);
    if (nemesis !== undefined)
      mistakes.named('nemesis', nemesis, registry.nemeses, ['exclude', i, 'nemesis']);
    if (mistakes.none) mistakes.add(['exclude', i], 'excludes nothing: no test of the matrix is like that');
  }
  if (!mistakes.none) mistakes.give();
}
