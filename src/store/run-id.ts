import { basename, extname } from 'node:path';
import type { TestSpec } from '../spec/test-spec.ts';

const LONGEST_SEED = 32;

/** A readable name for a run, fit for a folder: `raft-stale-read-4711`. Two different runs may have the same one. */
export function runId(spec: TestSpec): string {
  const seed = String(spec.seed).slice(0, LONGEST_SEED);
  // A user's own system is named by its file.
  const system = basename(spec.system, extname(spec.system));
  return [system, ...spec.bugs, seed]
    .join('-')
    .replace(/[^A-Za-z0-9._-]+/g, '_')
    .replace(/^\.+/, '_');
}
