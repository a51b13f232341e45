import type { Nemesis } from '../../nemeses/nemesis.ts';
import type { Workload, WorkloadOptions } from '../../workloads/workload.ts';
import type { NodeId } from '../faults/fault.ts';
import { type Promised, promisesInTime } from '../world/liveness.ts';
import { SECOND } from '../world/nanos.ts';
import type { AnyParameterValues } from '../world/parameters.ts';
import type { ProcessDeployment } from '../world/process-deployment.ts';
import { randomOf, type Seed } from '../world/random.ts';
import { type Guarantee, type SimDeployment, type System, worldsOf } from '../world/system.ts';
import { BENIGN, beyond, formatModel, type SystemModel, wilder } from '../world/system-model.ts';
import type { WorldKind } from '../world/world.ts';
import { faultyNodes } from './faulty-nodes.ts';
import { Mistakes } from './mistakes.ts';
import { parseNemeses } from './nemesis-text.ts';
import { plainParameters, readPlainParameters } from './plain-parameters.ts';
import type { Registry } from './registry.ts';
import type { SpecInput } from './schema.ts';
import type { Script } from './script.ts';
import {
  LINUX_DEFAULTS,
  type NemesisSpec,
  type RunSettings,
  SPEC_DEFAULTS,
  type TestSpec,
} from './test-spec.ts';
import type { DataPath } from './yaml-file.ts';

/** A nemesis with its parameters read. */
export interface ResolvedNemesis {
  readonly nemesis: Nemesis;
  readonly parameters: AnyParameterValues;
}

/** A spec with every default filled in, and the things that it names. */
export interface ResolvedSpec {
  readonly spec: TestSpec;
  readonly system: System;
  readonly systemParameters: AnyParameterValues;
  /** What holds for this system where the spec says nothing. */
  readonly defaults: RunSettings;
  readonly workload: Workload;
  readonly workloadOptions: WorkloadOptions;
  readonly nemeses: readonly ResolvedNemesis[];
  /** What the system assumes, with these parameters. */
  readonly assumes: SystemModel;
  /** How many faulty nodes the system bears, where its model has nodes that lie. */
  readonly bears: number | undefined;
}

/** The names of a run's nodes: `n1`, `n2` ... */
export function nodeNames(nodes: number): NodeId[] {
  return Array.from({ length: nodes }, (_, i) => `n${i + 1}`);
}

/**
 * Fills in a spec and finds what it names. Throws a `UsageError` with one line for each mistake; `locate` tells where
 * in a file a setting stands.
 */
export function resolveSpec(
  input: SpecInput & { readonly system: string; readonly seed: Seed },
  registry: Registry,
  locate: (path: DataPath) => string | undefined = () => undefined,
): ResolvedSpec {
  const mistakes = new Mistakes(locate);
  const system = mistakes.named('system', input.system, registry.systems, ['system']);
  if (system === undefined) return mistakes.give();
  const bugs = [...new Set(input.bugs ?? [])];
  for (const [i, bug] of bugs.entries())
    mistakes.named(`bug of ${system.name}`, bug, system.bugs, ['bugs', i]);

  const world = resolveWorld(system, input, mistakes);
  const deployed = resolveSystem(system, bugs, input, mistakes);
  const inTime = boundsIn(world, promisesInTime(system.guarantees.liveness));
  const defaults = defaultsOf(inTime, deployed?.deployment);
  const settings: RunSettings = { ...defaults, ...defined(settingsOf(input)) };
  refuseNodes(system, deployed?.deployment, settings.nodes, mistakes);
  refuseScript(input.script as Script | undefined, settings, mistakes);
  const assumes = (deployed && system.assumesWith?.(deployed.parameters)) ?? system.assumes;
  if (world === 'linux') refuseMachine(input, system, assumes, deployed?.deployment, mistakes);
  const model = { ...assumes, ...defined(input.model ?? {}) };
  const bears = bearable(deployed?.deployment, settings.nodes);
  const promises = deployed && system.promises?.(deployed.parameters, workloadName(system, bugs, input));
  const workload = resolveWorkload({ system, bugs, promises, inTime, settings }, input, registry, mistakes);
  const nemeses = resolveNemeses(
    input.nemeses ?? defaultNemeses(system, bugs),
    { system, nodes: nodeNames(settings.nodes), bears, model, beyondModel: input.beyondModel ?? false },
    registry,
    mistakes,
  );
  if (!mistakes.none || deployed === undefined || workload === undefined) return mistakes.give();
  const systemParameters = deployed.parameters;

  const spec: TestSpec = {
    system: input.system,
    bugs,
    systemParameters: plainParameters(system.parameters, systemParameters),
    workload: workload.workload.name,
    workloadParameters: plainParameters(workload.workload.parameters, workload.workloadOptions.parameters),
    nemeses: nemeses.map(({ nemesis, parameters }) => ({
      name: nemesis.name,
      parameters: plainParameters(nemesis.parameters, parameters),
    })),
    ...settings,
    seed: input.seed,
    model,
    beyondModel: input.beyondModel ?? false,
    failFast: input.failFast ?? false,
    ...(input.script === undefined ? {} : { script: input.script as Script }),
    world,
    ...(world === 'linux' ? { linux: { ...LINUX_DEFAULTS, ...defined(input.linux ?? {}) } } : {}),
  };
  return { spec, system, systemParameters, defaults, ...workload, nemeses, assumes, bears };
}

/**
 * Which parts of what these nemeses may do go beyond what the system assumes; empty when none. A nemesis that needs
 * nothing in particular adapts to the model that it is given, so it may do whatever that permits.
 */
export function beyondAssumptions({ assumes, nemeses, spec, bears }: ResolvedSpec): string[] {
  const mayDo = nemeses.map(({ nemesis, parameters }) => {
    const needed = nemesis.permits(parameters);
    return beyond(BENIGN, needed).length === 0 ? spec.model : needed;
  });
  const liars = nemeses.flatMap(({ nemesis, parameters }) =>
    tooManyLiars(nemesis, parameters, bears, spec.nodes),
  );
  return [...beyond(assumes, mayDo.reduce(wilder, BENIGN)), ...liars];
}

/** A script may name only threads and nodes that there are. */
function refuseScript(
  script: Script | undefined,
  { nodes, concurrency }: RunSettings,
  mistakes: Mistakes,
): void {
  const names = nodeNames(nodes);
  for (const [i, { thread, node }] of (script?.operations ?? []).entries()) {
    const path = ['script', 'operations', i];
    if (thread >= concurrency)
      mistakes.add(
        [...path, 'thread'],
        `no thread ${thread}: the ${concurrency} clients are numbered from 0`,
      );
    if (node !== undefined && !names.includes(node)) mistakes.add([...path, 'node'], `no node "${node}"`);
  }
  for (const [i, fault] of (script?.faults ?? []).entries()) {
    if ('node' in fault && !names.includes(fault.node))
      mistakes.add(['script', 'faults', i, 'node'], `no node "${fault.node}"`);
  }
}

function settingsOf(input: SpecInput) {
  const { nodes, concurrency, rate, timeLimit, recovery, settle, timeout } = input;
  return { nodes, concurrency, rate, timeLimit, recovery, settle, timeout };
}

function resolveWorld(system: System, input: SpecInput, mistakes: Mistakes): WorldKind {
  const worlds = worldsOf(system);
  const world = input.world ?? worlds[0];
  if (!worlds.includes(world))
    mistakes.add(['world'], `${system.name} can't be deployed in the ${world} world; it can in ${worlds}`);
  if (world !== 'linux' && input.linux !== undefined)
    mistakes.add(['linux'], `${Object.keys(input.linux).join(', ')}: only in the linux world`);
  return world;
}

/** What a real machine can't give to node programs, and what servers don't take from it. */
function refuseMachine(
  { linux }: SpecInput,
  { name }: System,
  assumes: SystemModel,
  deployment: SimDeployment | ProcessDeployment | undefined,
  mistakes: Mistakes,
): void {
  if (deployment === undefined) return;
  const isPrograms = 'program' in deployment;
  if (isPrograms && assumes.timing === 'synchronous')
    mistakes.add(
      ['world'],
      `${name} assumes that nothing is ever late (timing synchronous), which no real machine promises; test it in the sim world`,
    );
  // A spec that was resolved already has the default written out.
  if (!isPrograms && (linux?.transport ?? LINUX_DEFAULTS.transport) !== LINUX_DEFAULTS.transport)
    mistakes.add(
      ['linux', 'transport'],
      `${name} is a system of servers, which send messages in their own way`,
    );
  if (isPrograms && linux?.transport === 'udp' && assumes.network === 'reliable')
    mistakes.add(
      ['linux', 'transport'],
      `${name} assumes that no message is lost (network reliable), and datagrams may be; leave it at tcp`,
    );
}

/** The workload that was asked for, or that the bug shows in, or else the first that the system serves. */
function workloadName(system: System, bugs: readonly string[], { workload }: SpecInput): string {
  return workload ?? system.bugs[bugs[0] ?? '']?.workload ?? Object.keys(system.serves)[0] ?? '';
}

function resolveSystem(
  system: System,
  bugs: readonly string[],
  input: SpecInput,
  mistakes: Mistakes,
): { parameters: AnyParameterValues; deployment: SimDeployment | ProcessDeployment } | undefined {
  return mistakes.attempt(['systemParameters'], () => {
    const parameters = readPlainParameters(system.parameters, input.systemParameters ?? {}, system.name);
    // What a system refuses, it refuses here.
    const deployment = system.deploy({
      workload: workloadName(system, bugs, input),
      bugs: new Set(bugs),
      parameters,
    });
    return { parameters, deployment };
  });
}

function defaultsOf(
  inTime: readonly Promised[],
  deployment: SimDeployment | ProcessDeployment | undefined,
): RunSettings {
  const defaults = { ...SPEC_DEFAULTS, ...timesFor(inTime) };
  if (deployment === undefined) return defaults;
  if ('program' in deployment)
    return { ...defaults, nodes: deployment.nodes?.default ?? SPEC_DEFAULTS.nodes };
  return { ...defaults, ...deployment.defaults, nodes: deployment.nodes.default };
}

/**
 * The bounds are of virtual time: how long real processes take says something of the machine as well. There whatever the final
 * reads show is judged, however long it took, and progress is only measured.
 */
function boundsIn(world: WorldKind, promised: readonly Promised[]): Promised[] {
  if (world === 'sim') return [...promised];
  return promised
    .filter(({ property }) => property !== 'progress' && property !== 'synchronization')
    .map((promise) => ({ ...promise, within: 0 }));
}

/** Long enough for every promise to fall due: operations go on after the bound of progress, and final reads come after all others. */
function timesFor(inTime: readonly Promised[]): Partial<RunSettings> {
  if (inTime.every(({ within }) => within === 0)) return {};
  const progress = inTime.find(({ property }) => property === 'progress');
  return {
    settle: Math.max(...inTime.map(({ within }) => within)),
    ...(progress === undefined ? {} : { recovery: progress.within + SECOND }),
  };
}

function refuseNodes(
  system: System,
  deployment: SimDeployment | ProcessDeployment | undefined,
  nodes: number,
  mistakes: Mistakes,
): void {
  if (deployment?.nodes === undefined) return;
  const { min, max } = deployment.nodes;
  if (nodes < min || nodes > max) {
    const range = min === max ? `${min}` : `${min} to ${max}`;
    mistakes.add(['nodes'], `${system.name} runs on ${range} nodes, not on ${nodes}`);
  }
}

function resolveWorkload(
  { system, bugs, promises, inTime, settings }: Tested,
  input: SpecInput,
  registry: Registry,
  mistakes: Mistakes,
): { workload: Workload; workloadOptions: WorkloadOptions } | undefined {
  const name = workloadName(system, bugs, input);
  const workload = mistakes.named('workload', name, registry.workloads, ['workload']);
  if (workload === undefined) return undefined;
  const functions = system.serves[name];
  if (functions === undefined) {
    mistakes.add(
      ['workload'],
      `${system.name} does not serve workload ${name}; it serves ${Object.keys(system.serves).join(', ')}`,
    );
    return undefined;
  }
  return mistakes.attempt(['workloadParameters'], () => {
    const workloadOptions: WorkloadOptions = {
      nodes: nodeNames(settings.nodes),
      concurrency: settings.concurrency,
      functions,
      guarantees: promises ?? system.guarantees.safety,
      inTime,
      parameters: readPlainParameters(
        workload.parameters,
        input.workloadParameters ?? {},
        `workload ${workload.name}`,
      ),
    };
    workload.generator(workloadOptions);
    return { workload, workloadOptions };
  });
}

/** What a workload must fit. */
interface Tested {
  readonly system: System;
  readonly bugs: readonly string[];
  readonly promises: readonly Guarantee[] | undefined;
  readonly inTime: readonly Promised[];
  readonly settings: RunSettings;
}

/** How many faulty nodes a system bears; undefined where it says nothing about that. */
function bearable(
  deployment: SimDeployment | ProcessDeployment | undefined,
  nodes: number,
): number | undefined {
  return deployment !== undefined && 'program' in deployment ? deployment.bears?.(nodes) : undefined;
}

/** That more nodes would lie than the system bears, as `2 liars among 4 nodes`, where it says how many it bears. */
function tooManyLiars(
  nemesis: Nemesis,
  parameters: AnyParameterValues,
  bears: number | undefined,
  nodes: number,
): string[] {
  const liars = bears === undefined ? 0 : (nemesis.liars?.(parameters, bears) ?? 0);
  return liars > (bears ?? 0) ? [`${liars} liar${liars === 1 ? '' : 's'} among ${nodes} nodes`] : [];
}

interface FaultBounds {
  readonly system: System;
  readonly bears: number | undefined;
  readonly nodes: readonly NodeId[];
  readonly model: SystemModel;
  readonly beyondModel: boolean;
}

function resolveNemeses(
  given: readonly NemesisSpec[],
  bounds: FaultBounds,
  registry: Registry,
  mistakes: Mistakes,
): ResolvedNemesis[] {
  return given.flatMap((entry, i) => {
    const nemesis = mistakes.named('nemesis', entry.name, registry.nemeses, ['nemeses', i, 'name']);
    if (nemesis === undefined) return [];
    const resolved = mistakes.attempt(['nemeses', i, 'parameters'], () => {
      const parameters = readPlainParameters(nemesis.parameters, entry.parameters, `nemesis ${nemesis.name}`);
      // What a nemesis refuses, it refuses here: more targets than nodes, a pace of nothing.
      const { nodes, model } = bounds;
      const random = randomOf('');
      const faulty = faultyNodes(nodes, bounds, random);
      nemesis.generator({ nodes, ...faulty, model, parameters, primaries: () => [], random });
      return { nemesis, parameters };
    });
    if (resolved === undefined) return [];
    const excess = beyond(bounds.model, nemesis.permits(resolved.parameters));
    if (excess.length > 0 && !bounds.beyondModel)
      mistakes.add(['nemeses', i, 'name'], outsideModel(nemesis.name, excess, bounds.model));
    const [liars] = tooManyLiars(nemesis, resolved.parameters, bounds.bears, bounds.nodes.length);
    if (liars !== undefined && !bounds.beyondModel)
      mistakes.add(['nemeses', i, 'parameters'], moreThanBorne(nemesis.name, liars, bounds));
    return [resolved];
  });
}

function outsideModel(nemesis: string, excess: readonly string[], model: SystemModel): string {
  const flags = excess.map((part) => `--${part.replace('nodes ', 'node-faults ')}`).join(' ');
  return (
    `nemesis ${nemesis} goes beyond the model of this test (${formatModel(model)}): it needs ${excess.join(', ')}; ` +
    `widen the model (${flags}), or go on all the same with --beyond-model`
  );
}

function moreThanBorne(nemesis: string, liars: string, { system, bears = 0 }: FaultBounds): string {
  return (
    `nemesis ${nemesis}: ${liars}, of which ${system.name} bears ${bears === 0 ? 'none' : bears}; ` +
    'go on all the same with --beyond-model'
  );
}

/** The nemeses that bring these bugs out; without a bug, a swarm of everything that the model permits. */
function defaultNemeses(system: System, bugs: readonly string[]): NemesisSpec[] {
  const texts = new Set(bugs.flatMap((bug) => system.bugs[bug]?.nemeses ?? []));
  return texts.size === 0 ? [{ name: 'swarm', parameters: {} }] : [...texts].flatMap(parseNemeses);
}

/** The properties that have a value. */
function defined<T extends object>(object: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}

/** Whether faults are drawn that exploring could change, in runs that can be repeated. */
export function canBeExplored({ spec, nemeses }: ResolvedSpec): boolean {
  return spec.world === 'sim' && nemeses.length > 0 && spec.script === undefined;
}
