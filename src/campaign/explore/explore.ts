import type { TestSpec } from '../../spec/test-spec.ts';
import { randomOf, type Seed } from '../../world/random.ts';
import type { RunPool } from '../run-pool.ts';
import type { RunResult, SeedRuns } from '../run-task.ts';
import { Explorer } from './explorer.ts';

/** Runs that are drawn together, so that threads have work: a fixed number, for what is drawn must not depend on theirs. */
const TOGETHER = 8;

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
  const explorer = new Explorer(spec, seeds, randomOf(spec.seed).fork('explore'));
  const results: RunResult[] = [];
  while (results.length < runs) {
    const drawn = Array.from({ length: Math.min(TOGETHER, runs - results.length) }, () => explorer.next());
    const performed = await Promise.all(drawn.map((one) => perform(one, options)));
    for (const result of performed) {
      // The pool was stopped.
      if (result === undefined || result.state === 'stopped') return results;
      results.push(result);
      if (result.state !== 'judged') continue;
      // What is changed in a failing run fails again in the same way.
      if (result.outcome.valid !== false) explorer.note(result.seed, result.seen!);
      else if (untilInvalid) return results;
    }
  }
  return results;
}

async function perform(
  spec: TestSpec,
  { pool, store, keep }: ExploreOptions,
): Promise<RunResult | undefined> {
  const runs = { spec, seeds: [spec.seed], store, untilInvalid: false, coverage: true };
  const [result] = await pool.runTogether({ ...runs, keep });
  // One that has no verdict is kept too, because its seed alone doesn't repeat it.
  if (result?.state !== 'crashed' || spec.script === undefined || keep !== 'failures') return result;
  return (await pool.runTogether({ ...runs, keep: 'all' }))[0];
}
