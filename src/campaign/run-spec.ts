import { type Checker, DEFAULT_BUDGET, type Verdict } from '../../checkers/checker.ts';
import { runCheckers, together } from '../../checkers/compose.ts';
import { progress } from '../../checkers/progress.ts';
import { vacuity } from '../../checkers/vacuity.ts';
import { fingerprint } from '../../histories/fingerprint.ts';
import type { History } from '../../histories/history.ts';
import { deadlineFor } from '../../workloads/promises.ts';
import type { EventListener } from '../controller/interpreter.ts';
import { runTest } from '../controller/run-test.ts';
import { any } from '../generator/choice.ts';
import type { Generator } from '../generator/generator.ts';
import { faultyNodes } from '../spec/faulty-nodes.ts';
import type { EarlyEnd, Outcome } from '../spec/outcome.ts';
import { beyondAssumptions, type ResolvedSpec } from '../spec/resolve.ts';
import { type RandomStream, randomOf } from '../world/random.ts';
import { wilder } from '../world/system-model.ts';
import type { Travel } from '../world/travel.ts';
import { UsageError } from '../world/usage-error.ts';
import type { World } from '../world/world.ts';
import { activity } from './activity.ts';
import { FailFast } from './fail-fast.ts';
import { makeWorld } from './make-world.ts';
import { scriptedClients, scriptedNemesis } from './scripted.ts';

export interface RunListeners {
  /** Hears each event of the history; may answer `stop`. */
  readonly onEvent?: EventListener | undefined;
  /** Hears a line for each event of the simulator: far more than the history has. */
  readonly onStep?: ((line: string) => void) | undefined;
  /** Hears of every message between simulated nodes, and between them and clients. */
  readonly onTravel?: ((travel: Travel) => void) | undefined;
  /** Ends a run in the real world before its time: it is undone, and rejects. */
  readonly signal?: AbortSignal | undefined;
  /** Folder for what the real world leaves behind: logs, samples, packets; default: none of it is kept. */
  readonly folder?: string | undefined;
  /** Whether a simulated world notes small abstractions of what happens. */
  readonly coverage?: boolean | undefined;
}

/** What happened in a run. */
export interface Performed {
  readonly history: History;
  /** How much the world did. */
  readonly counts: Readonly<Record<string, number>>;
  /** The violation that ended it before its time. */
  readonly endedBy?: EarlyEnd | undefined;
  /** Hashes of small abstractions of its course, where they were asked for. */
  readonly features?: ReadonlySet<number> | undefined;
}

/** Runs one test and judges it. Throws a `UsageError` for a fault that the world can't do. */
export async function runSpec(
  resolved: ResolvedSpec,
  listeners: RunListeners = {},
): Promise<{ readonly outcome: Outcome; readonly history: History }> {
  const performed = await performSpec(resolved, listeners);
  return { outcome: judge(resolved, performed), history: performed.history };
}

/** Runs one test. Throws a `UsageError` for a fault that the world can't do. */
export async function performSpec(resolved: ResolvedSpec, listeners: RunListeners = {}): Promise<Performed> {
  const { spec, workload, workloadOptions } = resolved;
  const random = randomOf(spec.seed);
  const world = await makeWorld(resolved, random.fork('world'), listeners);
  await refuseImpossibleFaults(resolved, world);
  const failFast = new FailFast(spec.failFast ? workload.checkers(workloadOptions) : []);
  const operations = spec.script?.operations;
  const { history, artifacts } = await runTest({
    world,
    workload:
      operations === undefined
        ? workload.generator(workloadOptions)
        : scriptedClients(operations, spec.timeLimit + spec.timeout + spec.recovery),
    finale: workload.finale(workloadOptions),
    nemesis:
      spec.script === undefined
        ? nemesisGenerator(resolved, world, random.fork('nemeses'))
        : scriptedNemesis(spec.script),
    concurrency: spec.concurrency,
    rate: operations === undefined ? spec.rate : null,
    timeLimit: spec.timeLimit,
    recovery: spec.recovery,
    // A script says itself what is done when.
    afterHealing: operations === undefined ? workload.afterHealing?.(workloadOptions) : undefined,
    settle: spec.settle,
    timeout: spec.timeout,
    random: random.fork('test'),
    onEvent: (op) => (listeners.onEvent?.(op) === 'stop' ? 'stop' : failFast.onEvent(op)),
  });
  const counts = { ...activity(history), ...artifacts.counts };
  return { history, counts, endedBy: failFast.end, features: artifacts.features };
}

/** Judges a run by the checkers of its workload, and says what a pass is worth. */
export function judge(resolved: ResolvedSpec, performed: Performed): Outcome {
  const verdicts = runCheckers(checkersOf(resolved), performed.history, { budget: DEFAULT_BUDGET });
  return outcomeOf(resolved, performed, verdicts);
}

/** Whoever judges the runs of a test, in their order. */
export function checkersOf(resolved: ResolvedSpec): Checker[] {
  const { workload, workloadOptions } = resolved;
  return [...workload.checkers(workloadOptions), ...onProgress(resolved), vacuity()];
}

/** What came of a run that was judged so. */
export function outcomeOf(
  resolved: ResolvedSpec,
  { history, counts, endedBy }: Performed,
  verdicts: readonly Verdict[],
): Outcome {
  return {
    spec: resolved.spec,
    valid: together(verdicts.map(({ valid }) => valid)),
    verdicts,
    beyond: beyondAssumptions(resolved),
    endedBy,
    fingerprint: fingerprint(history),
    counts,
  };
}

/** Progress is judged in every workload alike, where it is promised. */
function onProgress({ workloadOptions, nemeses, spec }: ResolvedSpec): Checker[] {
  const deadline = deadlineFor(workloadOptions, 'progress');
  const faultsExpected = nemeses.length > 0 && spec.script === undefined;
  return deadline === undefined ? [] : [progress({ ...deadline, faultsExpected })];
}

/** All nemeses at work together, each with its own random stream. */
function nemesisGenerator(
  { spec, nemeses, bears }: ResolvedSpec,
  world: World,
  random: RandomStream,
): Generator | null {
  if (nemeses.length === 0) return null;
  const faulty = faultyNodes(world.nodes, { bears, model: spec.model }, random.fork('faulty'));
  const generators = nemeses.map(({ nemesis, parameters }, i) =>
    nemesis.generator({
      nodes: world.nodes,
      ...faulty,
      primaries: () => world.primaries(),
      random: random.fork(`${i}/${nemesis.name}`),
      model: spec.beyondModel ? wilder(spec.model, nemesis.permits(parameters)) : spec.model,
      parameters,
    }),
  );
  return any(...generators);
}

async function refuseImpossibleFaults({ spec, nemeses }: ResolvedSpec, world: World): Promise<void> {
  for (const { nemesis, parameters } of nemeses) {
    for (const kind of nemesis.uses(parameters, spec.model)) {
      const can = world.can(kind);
      if (can === true) continue;
      await world.stop();
      const refusal = `uses ${kind}, which the ${world.kind} world can't do: ${can}`;
      throw new UsageError(`nemesis ${nemesis.name} ${refusal}`);
    }
  }
}
