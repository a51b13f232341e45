import { statSync } from 'node:fs';
import { registryWith } from '../campaign/load-system.ts';
import { readSpecFile } from '../spec/read-spec.ts';
import { type ResolvedSpec, resolveSpec } from '../spec/resolve.ts';
import { openRun } from '../store/recorded-run.ts';
import { Store } from '../store/store.ts';
import { UsageError } from '../world/usage-error.ts';

/** The spec of a stored run, by its id or folder, or of a spec file. */
export function openSpec(run: string, store: string): Promise<ResolvedSpec> {
  return resolveFile(isFile(run) ? run : openRun(new Store(store).find(run)).specFile);
}

/** A spec file that says all that a run is made of. */
export async function resolveFile(file: string): Promise<ResolvedSpec> {
  return (await openSaved(file)).resolved;
}

/** The same, and which kinds of anomaly the run showed when it was saved, if the file says that. */
export async function openSaved(
  file: string,
): Promise<{ readonly resolved: ResolvedSpec; readonly anomalies: readonly string[] | undefined }> {
  const { data, locate } = readSpecFile(file);
  const { system, seed, anomalies } = data;
  if (system === undefined) throw new UsageError(`${file}: names no system`);
  if (seed === undefined)
    throw new UsageError(
      `${file}: has no seed, so there is nothing to repeat; run it with momus test --spec`,
    );
  return { resolved: resolveSpec({ ...data, system, seed }, await registryWith(system), locate), anomalies };
}

export function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}
