import { proofsOf } from '../report/proof.ts';
import { type ResolvedSpec, resolveSpec } from '../spec/resolve.ts';
import { Store } from '../store/store.ts';
import type { Seed } from '../world/random.ts';
import { describeError, isUsage } from './describe-error.ts';
import { Recorder } from './recorder.ts';
import { registry } from './registry.ts';
import { judge, type Performed, performSpec } from './run-spec.ts';
import { HEARTBEAT, RUNS_DONE, type RunResult, type RunTask, STOP } from './run-task.ts';

/** Runs one seed after another, in a worker thread. A run that throws fails only itself. */
export async function runSeeds(task: RunTask): Promise<RunResult[]> {
  const store = new Store(task.store);
  const results: RunResult[] = [];
  for (const seed of task.seeds) {
    if (Atomics.load(task.signs, STOP) !== 0) break;
    Atomics.add(task.signs, HEARTBEAT, 1);
    const result = await runSeed(seed, task, store);
    results.push(result);
    Atomics.add(task.signs, RUNS_DONE, 1);
    if (task.untilInvalid && result.state === 'judged' && result.outcome.valid === false) break;
  }
  return results;
}

async function runSeed(seed: Seed, task: RunTask, store: Store): Promise<RunResult> {
  const recorder = new Recorder(store, task.keep);
  try {
    const resolved = resolveSpec({ ...task.spec, seed }, registry);
    recorder.begin(resolved.spec);
    const performed = await performWatched(resolved, task.signs, recorder);
    if (performed === 'stopped') return { state: 'stopped', seed, run: recorder.run };
    const outcome = judge(resolved, performed);
    recorder.finish(outcome, performed.history);
    const proofs = proofsOf(outcome.verdicts, performed.history);
    return { state: 'judged', seed, outcome, proofs, run: recorder.run, notKept: recorder.problem };
  } catch (error) {
    return { state: 'crashed', seed, error: describeError(error), usage: isUsage(error), run: recorder.run };
  } finally {
    recorder.close();
  }
}

/** Performs a run with an eye on the master's signs. */
async function performWatched(
  resolved: ResolvedSpec,
  signs: RunTask['signs'],
  recorder: Recorder,
): Promise<Performed | 'stopped'> {
  let stopped = false;
  const performed = await performSpec(resolved, {
    onEvent(op) {
      // What follows a stop is no part of the run that a replay repeats.
      if (stopped) return;
      recorder.append(op);
      Atomics.add(signs, HEARTBEAT, 1);
      if (Atomics.load(signs, STOP) === 0) return;
      stopped = true;
      return 'stop';
    },
  });
  return stopped ? 'stopped' : performed;
}
