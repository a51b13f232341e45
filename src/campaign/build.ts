import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { VERSION } from '../version.ts';
import { isPath } from './system-file.ts';

const FROM_SOURCE = import.meta.url.endsWith('.ts');
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const PARTS = ['src', 'checkers', 'histories', 'nemeses', 'workloads'];

let known: string | undefined;

/**
 * Momus's version and a hash over its code: `0.1.0+5f3a2b1c`. Two processes with equal builds find the same in the same
 * run; a changed system or checker is another build, though the version be the same.
 */
export function build(): string {
  known ??= `${VERSION}+${hashOfCode()}`;
  return known;
}

/** The build together with the files of systems that are not built in: a changed file is another build. */
export function buildWith(systems: Iterable<string>): string {
  const files = [...new Set(systems)].filter((system) => isPath(system) && existsSync(system)).sort();
  if (files.length === 0) return build();
  const hash = createHash('sha256');
  for (const file of files) hash.update(`${file}\n`).update(readFileSync(file));
  return `${build()}.${hash.digest('hex').slice(0, 8)}`;
}

function hashOfCode(): string {
  const hash = createHash('sha256');
  const end = FROM_SOURCE ? '.ts' : '.js';
  for (const part of PARTS) {
    const files = readdirSync(ROOT + part, { recursive: true, encoding: 'utf8' });
    for (const file of files.sort())
      if (file.endsWith(end) && !file.endsWith('.d.ts'))
        hash.update(`${part}/${file.replaceAll('\\', '/')}\n`).update(readFileSync(`${ROOT}${part}/${file}`));
  }
  return hash.digest('hex').slice(0, 8);
}
