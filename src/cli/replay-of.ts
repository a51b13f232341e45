import type { RunResult } from '../campaign/run-task.ts';
import type { ResolvedSpec } from '../spec/resolve.ts';
import { testArguments } from '../spec/short-form.ts';
import { DEFAULT_STORE, type Store } from '../store/store.ts';
import type { Terminal } from './terminal.ts';

/** The command that repeats a run exactly: by its id where it was kept, else by all that it was made of. */
export function replayOf(
  result: Pick<RunResult, 'run' | 'seed'>,
  resolved: ResolvedSpec,
  store: Store,
  terminal: Terminal,
): string {
  const args =
    result.run === undefined
      ? testArguments({ ...resolved, spec: { ...resolved.spec, seed: result.seed } })
      : ['replay', result.run, ...(store.folder === DEFAULT_STORE ? [] : ['--store', store.folder])];
  return [terminal.momus, ...args].join(' ');
}
