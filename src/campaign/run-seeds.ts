import { encodeHistory } from '../../histories/encode.ts';
import { proofsOf } from '../report/proof.ts';
import type { Outcome } from '../spec/outcome.ts';
import { type ResolvedSpec, resolveSpec } from '../spec/resolve.ts';
import { Store } from '../store/store.ts';
import type { Seed } from '../world/random.ts';
import { blameOf, describeError } from './describe-error.ts';
import { type Seen, seenOf } from './explore/seen.ts';
import { judgeApart } from './judge-apart.ts';
import { registryWith } from './load-system.ts';
import { Recorder } from './recorder.ts';
import { judge, type Performed, performSpec } from './run-spec.ts';
import { HEARTBEAT, JUDGING, RUNS_DONE, type RunResult, type RunTask, STOP } from './run-task.ts';
import { scriptOf } from './script-of.ts';

/** Runs one seed after another, in a worker thread. A run that throws fails only itself. */
export async function runSeeds(task: RunTask): Promise<RunResult[]> {
  const store = new Store(task.store);
  const results: RunResult[] = [];
  for (const seed of task.seeds) {
    if (isStopped(task.signs)) break;
    Atomics.add(task.signs, HEARTBEAT, 1);
    const result = await runSeed(seed, task, store);
    results.push(result);
    Atomics.add(task.signs, RUNS_DONE, 1);
    if (task.untilInvalid && result.state === 'judged' && result.outcome.valid === false) break;
  }
  return results;
}

async function runSeed(seed: Seed, task: RunTask, store: Store): Promise<RunResult> {
  // No run in the real world can be repeated, so each is kept.
  const repeatable = task.spec.world === 'sim';
  const recorder = new Recorder(store, repeatable || task.keep === 'brought' ? task.keep : 'all');
  const began = performance.now();
  try {
    const resolved = resolveSpec({ ...task.spec, seed }, await registryWith(task.spec.system));
    recorder.begin(resolved.spec);
    const performed = await performWatched(resolved, task, recorder);
    if (performed === 'stopped') return { state: 'stopped', seed, run: recorder.run };
    const { history } = performed;
    const outcome = await judgeWatched(resolved, performed, task);
    const took = performance.now() - began;
    // What is changed in a failing run fails again in the same way.
    const seen = outcome.valid === false ? undefined : seenIn(performed, resolved);
    const ended = { state: 'judged', seed, outcome, took, seen } as const;
    if (task.keep === 'brought') {
      const whole = outcome.valid === true && repeatable ? {} : { history: encodeHistory(history) };
      return { ...ended, ...whole, proofs: [], run: undefined, notKept: undefined };
    }
    recorder.finish(outcome, history);
    const proofs = proofsOf(outcome.verdicts, history);
    return { ...ended, proofs, run: recorder.run, notKept: recorder.problem };
  } catch (error) {
    if (isStopped(task.signs)) return { state: 'stopped', seed, run: recorder.run };
    return { state: 'crashed', seed, error: describeError(error), blame: blameOf(error), run: recorder.run };
  } finally {
    recorder.close();
  }
}

/** Judges a run; the master can see that it came so far. What can't be run again must not be lost with the thread. */
async function judgeWatched(
  resolved: ResolvedSpec,
  performed: Performed,
  { signs, apart }: RunTask,
): Promise<Outcome> {
  Atomics.store(signs, JUDGING, 1);
  const isApart = apart || resolved.spec.world !== 'sim';
  const end = isApart ? beat(signs) : () => {};
  try {
    return isApart ? await judgeApart(resolved, performed) : judge(resolved, performed);
  } finally {
    end();
    Atomics.store(signs, JUDGING, 0);
  }
}

/** Shows that the run is alive while this thread waits for others. */
function beat(signs: RunTask['signs'], also: () => void = () => {}): () => void {
  const timer = setInterval(() => {
    Atomics.add(signs, HEARTBEAT, 1);
    also();
  }, BEAT);
  return () => clearInterval(timer);
}

function seenIn({ features, history }: Performed, { spec }: ResolvedSpec): Seen | undefined {
  if (features === undefined) return undefined;
  return seenOf(features, scriptOf(history, spec).faults);
}

/** Performs a run with an eye on the master's signs. */
async function performWatched(
  resolved: ResolvedSpec,
  { signs, coverage }: RunTask,
  recorder: Recorder,
): Promise<Performed | 'stopped'> {
  let stopped = false;
  const { signal, end } = resolved.spec.world === 'sim' ? NO_WATCH : watchStop(signs);
  const performing = performSpec(resolved, {
    signal,
    coverage,
    folder: recorder.path,
    onEvent(op) {
      // What follows a stop is no part of the run that a replay repeats.
      if (stopped) return;
      recorder.append(op);
      Atomics.add(signs, HEARTBEAT, 1);
      if (!isStopped(signs)) return;
      stopped = true;
      return 'stop';
    },
  });
  const performed = await performing.finally(end);
  return stopped ? 'stopped' : performed;
}

const NO_WATCH = { signal: undefined, end: () => {} };

/** How often a thread that waits shows that it is alive, ms. */
const BEAT = 100;

/** Aborts when the master wants an end, and shows that the run is alive, though no event may happen for long. */
function watchStop(signs: RunTask['signs']) {
  const controller = new AbortController();
  const end = beat(signs, () => {
    if (isStopped(signs)) controller.abort();
  });
  return { signal: controller.signal, end };
}

function isStopped(signs: RunTask['signs']): boolean {
  return Atomics.load(signs, STOP) !== 0;
}
