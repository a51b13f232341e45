import type { History } from '../../histories/history.ts';
import { proofsOf } from '../report/proof.ts';
import type { Outcome } from '../spec/outcome.ts';
import { type ResolvedSpec, resolveSpec } from '../spec/resolve.ts';
import type { RunFolder } from '../store/run-folder.ts';
import { Store } from '../store/store.ts';
import type { Seed } from '../world/random.ts';
import { describeError, isUsage } from './describe-error.ts';
import { registry } from './registry.ts';
import { runSpec } from './run-spec.ts';
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
  let folder: RunFolder | undefined;
  try {
    const resolved = resolveSpec({ ...task.spec, seed }, registry);
    if (task.keep === 'all') folder = store.begin(resolved.spec);
    const done = await runWatched(resolved, task.signs, folder);
    if (done === 'stopped') return { state: 'stopped', seed, run: folder?.id };
    const { outcome, history } = done;
    folder?.finish(outcome);
    const run = folder?.id ?? (outcome.valid === true ? undefined : store.keep(outcome, history));
    store.note([{ spec: outcome.spec, valid: outcome.valid, fingerprint: outcome.fingerprint, run }]);
    return { state: 'judged', seed, outcome, proofs: proofsOf(outcome.verdicts, history), run };
  } catch (error) {
    return { state: 'crashed', seed, error: describeError(error), usage: isUsage(error), run: folder?.id };
  } finally {
    folder?.close();
  }
}

/** Runs a spec with an eye on the master's signs. */
async function runWatched(
  resolved: ResolvedSpec,
  signs: RunTask['signs'],
  folder: RunFolder | undefined,
): Promise<{ readonly outcome: Outcome; readonly history: History } | 'stopped'> {
  let stopped = false;
  const done = await runSpec(resolved, {
    onEvent(op) {
      folder?.append(op);
      Atomics.add(signs, HEARTBEAT, 1);
      if (Atomics.load(signs, STOP) === 0) return;
      stopped = true;
      return 'stop';
    },
  });
  return stopped ? 'stopped' : done;
}
