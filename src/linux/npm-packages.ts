import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { NpmPackage } from '../world/process-deployment.ts';

/** A package that a system needs, and the version that is there; null where there is none. */
export interface FoundPackage {
  readonly package: NpmPackage;
  readonly version: string | null;
}

export function examinePackage(one: NpmPackage): FoundPackage {
  return { package: one, version: installedVersion(one) };
}

/** The version of a package that Momus finds beside itself; null where there is none. */
export function installedVersion({ name }: NpmPackage): string | null {
  // Not by resolving it: a package may export nothing to whom asks so.
  for (const folder of createRequire(import.meta.url).resolve.paths(name) ?? []) {
    try {
      const { version } = JSON.parse(readFileSync(join(folder, name, 'package.json'), 'utf8'));
      return String(version);
    } catch {
      // The next folder may have it.
    }
  }
  return null;
}

/** The command that brings packages. */
export function npmInstall(packages: readonly NpmPackage[]): string {
  return `npm install ${packages.map(({ name, version }) => `${name}@${version}`).join(' ')}`;
}
