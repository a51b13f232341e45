import { REAL_GRACE, RunPool } from '../campaign/run-pool.ts';
import { undoOwn } from '../linux/undo.ts';
import type { TestSpec } from '../spec/test-spec.ts';
import { readCount } from './test-input.ts';

/** The worker threads that `--threads` asks for, for runs of the simulator; without it one for each core. */
export function poolOf(threads: string | undefined): RunPool {
  return new RunPool(given(threads));
}

/**
 * The same for runs of these specs. Runs in real time disturb each other, so they come one after another unless the user
 * says otherwise, and what they made of the machine is undone when this process ends.
 */
export function poolFor(specs: readonly Pick<TestSpec, 'world'>[], threads: string | undefined): RunPool {
  if (specs.every(({ world }) => world === 'sim')) return poolOf(threads);
  return realPool({ threads: 1, ...given(threads) });
}

/** The same for runs that are not known yet, of either kind. */
export function poolForAny(threads: string | undefined): RunPool {
  return realPool(given(threads));
}

function realPool(options: { readonly threads?: number }): RunPool {
  process.once('exit', undoOwn);
  return new RunPool({ grace: REAL_GRACE, ...options });
}

function given(threads: string | undefined): { readonly threads?: number } {
  return threads === undefined ? {} : { threads: readCount(threads, '--threads') };
}
