import { describeError } from '../campaign/describe-error.ts';
import { RunPool } from '../campaign/run-pool.ts';
import type { RunResult } from '../campaign/run-task.ts';
import { EXIT } from './exit-codes.ts';
import { openSpec } from './open-spec.ts';
import type { ReplayFlags } from './replay-command.ts';
import type { Terminal } from './terminal.ts';

/** What `git bisect run` takes for: nothing can be said of this commit, try another. */
const SKIP = 125;

/**
 * `momus replay --bisect`: whether this commit has the bug, as `git bisect run` wants it: 0 without, 1 with it, 125 for
 * whatever says neither, be it unknown, a crash, a system that doesn't load or one that never answers. What was recorded of the run isn't
 * compared: other commits give other histories.
 */
export async function bisect(run: string, flags: ReplayFlags, terminal: Terminal): Promise<number> {
  try {
    const { spec } = await openSpec(run, flags.store);
    // In a thread, so that a commit whose node program never ends is skipped too.
    const pool = new RunPool({ threads: 1 });
    const runs = { spec, seeds: [spec.seed], store: '', keep: 'brought', untilInvalid: false } as const;
    const [result] = await pool.runTogether(runs).finally(() => pool.close());
    return told(run, result, terminal);
  } catch (error) {
    terminal.out(`? ${run}: skipped: ${describeError(error)}`);
    return SKIP;
  }
}

function told(run: string, result: RunResult | undefined, { out }: Terminal): number {
  const skip = (why: string): number => {
    out(`? ${run}: skipped: ${why}`);
    return SKIP;
  };
  if (result?.state === 'crashed') return skip(`crashed: ${result.error}`);
  if (result?.state !== 'judged') return skip('stopped');
  const { valid, verdicts, counts } = result.outcome;
  if (valid === 'unknown') return skip('unknown');
  // Nodes that die at once break no promise.
  if (valid && counts.ok === 0) return skip('no operation ever succeeded');
  const [first] = verdicts.flatMap((verdict) => verdict.anomalies);
  out(first === undefined ? `✓ ${run}: valid` : `✗ ${run}: ${first.kind}: ${first.message}`);
  return valid ? EXIT.valid : EXIT.invalid;
}
