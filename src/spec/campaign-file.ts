import { basename } from 'node:path';
import type { Nanos } from '../world/nanos.ts';
import type { System } from '../world/system.ts';
import { UsageError } from '../world/usage-error.ts';
import type { Campaign, Cell } from './campaign.ts';
import { type CampaignInput, campaignSchema } from './campaign-schema.ts';
import { type CellPattern, fits, refuseUselessPatterns } from './cell-pattern.ts';
import { Mistakes } from './mistakes.ts';
import { readText } from './read-text.ts';
import type { Registry } from './registry.ts';
import { canBeExplored, type ResolvedSpec, resolveSpec } from './resolve.ts';
import type { SpecInput } from './schema.ts';
import type { DataPath, Locate, YamlFile } from './yaml-file.ts';
import { readYaml } from './yaml-file.ts';

/** One combination of the matrix, and where in the file its parts stand. */
interface Combination {
  readonly input: SpecInput & { readonly system: string };
  readonly place: (path: DataPath) => DataPath;
}

/**
 * Reads a campaign file; `registryWith` gives everything that there is, with these systems. Throws a `UsageError` with a
 * line `file:line:column: what is wrong` for each mistake.
 */
export async function readCampaignFile(
  file: string,
  registryWith: (systems: readonly string[]) => Promise<Registry>,
): Promise<Campaign> {
  const yaml = readYaml(campaignSchema, readText(file, 'campaign file'), file);
  const { systems, include } = yaml.data;
  return expand(yaml, file, await registryWith([...systems, ...include].map(({ system }) => system)));
}

/** Reads a campaign from the text of a file. */
export function readCampaign(text: string, file: string, registry: Registry): Campaign {
  return expand(readYaml(campaignSchema, text, file), file, registry);
}

function expand({ data, locate }: YamlFile<CampaignInput>, file: string, registry: Registry): Campaign {
  const used = new Set<CellPattern>();
  const isKept = (test: Parameters<typeof fits>[0]) => {
    const patterns = data.exclude.filter((pattern) =>
      fits(test, pattern, registry.systems[test.system]?.assumes),
    );
    for (const pattern of patterns) used.add(pattern);
    return patterns.length === 0;
  };
  // Before a test is resolved, so that what is impossible can be excluded, and after, when all about it is known.
  const combinations = [...matrix(data, registry, locate), ...included(data)];
  const specs = resolveAll(
    combinations.filter(({ input }) => isKept(input)),
    registry,
    locate,
  );
  const cells = withoutTwins(specs.filter(({ spec }) => isKept(spec)));
  refuseUselessPatterns(data.exclude, used, registry, locate);
  if (cells.length === 0) throw new UsageError(`${file}: no test is left; name systems, or exclude less`);
  if (data.explore && !cells.some(canBeExplored))
    throw new UsageError(
      `${locate(['explore'])}: explore: no test of the sim world draws faults that could be changed`,
    );
  const { cellFailures, ...stop } = data.stop;
  return {
    name: data.name ?? nameOf(file),
    cells: cells.map(
      (resolved): Cell => ({
        resolved,
        seeds: data.seeds,
        explored: data.explore && canBeExplored(resolved),
        cellFailures,
      }),
    ),
    stop: { ...stop, time: earlier(stop.time, data.seeds.until) },
    expect: data.expect,
  };
}

/** `nightly` for `tests/nightly.yaml`. */
function nameOf(file: string): string {
  return basename(file)
    .replace(/\.ya?ml$/, '')
    .replace(/[^\w.-]+/g, '-');
}

function earlier(a: Nanos | undefined, b: Nanos | undefined): Nanos | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.min(a, b);
}

/** Systems × workloads × nemesis sets × models, but for workloads that a system does not serve. */
function matrix(data: CampaignInput, registry: Registry, locate: Locate): Combination[] {
  const out: Combination[] = [];
  const mistakes = new Mistakes(locate);
  for (const [i, entry] of data.systems.entries()) {
    const system = mistakes.named('system', entry.system, registry.systems, ['systems', i]);
    if (system === undefined) continue;
    if (entry.eachBug && entry.bugs !== undefined)
      mistakes.add(['systems', i, 'eachBug'], 'bugs and eachBug exclude each other; make two entries of it');
    for (const bugs of entry.eachBug ? Object.keys(system.bugs).map((bug) => [bug]) : [entry.bugs])
      out.push(...combinations(data, system, i, bugs));
  }
  for (const [j, { workload }] of workloadsOf(data).entries())
    refuseUnserved(workload, ['workloads', j], data, registry, mistakes);
  return mistakes.none ? out : mistakes.give();
}

function combinations(
  data: CampaignInput,
  system: System,
  i: number,
  bugs: readonly string[] | undefined,
): Combination[] {
  const served = Object.keys(system.serves);
  const workloads = indexed(
    data.workloads === 'all' ? served.map((workload) => ({ workload, parameters: {} })) : data.workloads,
  ).filter(([, entry]) => entry === undefined || served.includes(entry.workload));
  const out: Combination[] = [];
  for (const [j, workload] of workloads)
    for (const [k, nemeses] of indexed(data.nemeses))
      for (const [l, model] of indexed(data.models))
        out.push({
          input: {
            ...sizesOf(data),
            system: data.systems[i]!.system,
            bugs,
            systemParameters: data.systems[i]!.parameters,
            workload: workload?.workload,
            workloadParameters: workload?.parameters,
            nemeses,
            model,
          },
          place: (path) => placeOf(path, { i, j, k, l }),
        });
  return out;
}

/** Where in the matrix a setting of a test stands. */
function placeOf(path: DataPath, at: { i: number; j: number; k: number; l: number }): DataPath {
  const [setting, ...rest] = path;
  if (setting === 'system' || setting === 'bugs') return ['systems', at.i, ...path];
  if (setting === 'systemParameters') return ['systems', at.i, 'parameters', ...rest];
  if (setting === 'workload' || setting === 'workloadParameters') return ['workloads', at.j];
  if (setting === 'nemeses') return ['nemeses', at.k, ...rest];
  if (setting === 'model') return ['models', at.l, ...rest];
  return path;
}

/** The tests that stand outside the matrix; they share what it says of all. */
function included(data: CampaignInput): Combination[] {
  return data.include.map((entry, i) => ({
    input: { ...sizesOf(data), ...entry },
    place: (path) => ['include', i, ...path],
  }));
}

/** Finds what all combinations name; a mistake that many share is told once. */
function resolveAll(
  combinations: readonly Combination[],
  registry: Registry,
  locate: Locate,
): ResolvedSpec[] {
  const lines = new Set<string>();
  const specs = combinations.flatMap(({ input, place }) => {
    try {
      return [resolveSpec({ ...input, seed: 1 }, registry, (path) => locate(place(path)))];
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      for (const line of error.message.split('\n')) lines.add(line);
      return [];
    }
  });
  if (lines.size > 0) throw new UsageError([...lines].join('\n'));
  return specs;
}

/** A bug under no nemesis in particular may be the same test as one that names it; it is run once. */
function withoutTwins(specs: readonly ResolvedSpec[]): ResolvedSpec[] {
  return [...new Map(specs.map((resolved) => [JSON.stringify(resolved.spec), resolved])).values()];
}

function workloadsOf({ workloads }: CampaignInput) {
  return Array.isArray(workloads) ? workloads : [];
}

/** A workload that none of the systems serves. */
function refuseUnserved(
  workload: string,
  path: DataPath,
  { systems }: CampaignInput,
  registry: Registry,
  mistakes: Mistakes,
): void {
  if (mistakes.named('workload', workload, registry.workloads, path) === undefined) return;
  const serves = ({ system }: { system: string }) =>
    Object.hasOwn(registry.systems[system]?.serves ?? {}, workload);
  if (systems.length > 0 && !systems.some(serves))
    mistakes.add(path, `none of the systems serves workload ${workload}`);
}

/** A dimension that the file leaves out has one place, where the system decides. */
function indexed<T>(items: readonly T[] | undefined): [number, T | undefined][] {
  return items === undefined ? [[0, undefined]] : items.map((item, i) => [i, item]);
}

function sizesOf(data: CampaignInput) {
  const { nodes, concurrency, rate, timeLimit, recovery, settle, timeout, beyondModel } = data;
  return { nodes, concurrency, rate, timeLimit, recovery, settle, timeout, beyondModel };
}
