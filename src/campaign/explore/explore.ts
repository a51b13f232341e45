import type { TestSpec } from '../../spec/test-spec.ts';
import { Store } from '../../store/store.ts';
import type { Seed } from '../../world/random.ts';
import type { RunPool } from '../run-pool.ts';
import type { RunResult, SeedRuns } from '../run-task.ts';
import { Trials } from './trials.ts';

export interface ExploreOptions extends Pick<SeedRuns, 'store' | 'keep' | 'untilInvalid'> {
  readonly pool: RunPool;
  readonly runs: number;
  /** Fresh ones, without end. */
  readonly seeds: Iterator<Seed>;
}

/**
 * Performs runs of a test of the simulator, led by what is seen in them: the same ones each time, in order, as the seed of
 * the spec says; fewer when stopped, or when they end at the first that is invalid.
 */
export async function explore(spec: TestSpec, options: ExploreOptions): Promise<RunResult[]> {
  const { runs, seeds, untilInvalid } = options;
  const trials = new Trials(spec, seeds);
  const results: RunResult[] = [];
  while (results.length < runs) {
    const begin = results.length;
    const drawn = Array.from({ length: Math.min(trials.end, runs) - begin }, (_, i) =>
      trials.test(begin + i),
    );
    const performed = await Promise.all(drawn.map((one) => perform(one, options)));
    for (const [i, result] of performed.entries()) {
      // The pool was stopped.
      if (result === undefined || result.state === 'stopped') return results;
      results.push(result);
      trials.note(begin + i, result.state === 'judged' ? result.seen : undefined);
      if (untilInvalid && result.state === 'judged' && result.outcome.valid === false) return results;
    }
  }
  return results;
}

async function perform(
  spec: TestSpec,
  { pool, store, keep }: ExploreOptions,
): Promise<RunResult | undefined> {
  const runs = { spec, seeds: [spec.seed], store, keep, untilInvalid: false, coverage: true };
  const [result] = await pool.runTogether(runs);
  // One that has no verdict is kept too, because its seed alone doesn't repeat it.
  if (result?.state !== 'crashed' || spec.script === undefined || keep !== 'failures') return result;
  return { ...result, run: new Store(store).keepSpec(spec) };
}
