import type { TestSpec } from '../spec/test-spec.ts';

const LONGEST_SEED = 32;

/** A readable name for a run, fit for a folder: `raft-stale-read-4711`. Two different runs may have the same one. */
export function runId(spec: TestSpec): string {
  const seed = String(spec.seed).slice(0, LONGEST_SEED);
  return [spec.system, ...spec.bugs, seed]
    .join('-')
    .replace(/[^A-Za-z0-9._-]+/g, '_')
    .replace(/^\.+/, '_');
}
