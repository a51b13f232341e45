import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../world/usage-error.ts';

/** The spec files of a folder, by name. Throws a `UsageError` when there is no such folder or nothing in it. */
export function savedSpecs(dir: string): string[] {
  const stats = statSync(dir, { throwIfNoEntry: false });
  if (stats === undefined)
    throw new UsageError(`${dir}: no such folder; momus save RUN ${dir} makes it and puts a spec there`);
  if (!stats.isDirectory())
    throw new UsageError(`${dir}: is no folder; name one with spec files (momus replay runs a single one)`);
  const files = readdirSync(dir).filter((name) => /\.ya?ml$/.test(name));
  if (files.length === 0)
    throw new UsageError(`${dir}: has no spec files (*.yaml); momus save RUN ${dir} puts one there`);
  return files.sort().map((name) => join(dir, name));
}
