import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** An import as it stands in a file. */
export interface Import {
  /** The file, from the root of the repository; a package's name for anything else. */
  readonly target: string;
  /** `import type`, which leaves nothing behind at run time. */
  readonly typeOnly: boolean;
}

/** A source file of ours. */
export interface SourceFile {
  /** From the root of the repository. */
  readonly path: string;
  readonly text: string;
  /** The text without comments and string literals, so that a word in it is code. */
  readonly code: string;
  readonly imports: readonly Import[];
}

/** All TypeScript and JavaScript files under these folders. */
export function sourceFiles(...folders: readonly string[]): SourceFile[] {
  return folders.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.(ts|mjs)$/.test(entry.name))
      .map((entry) => readSource(relative(ROOT, join(entry.parentPath, entry.name)))),
  );
}

function readSource(path: string): SourceFile {
  const text = readFileSync(join(ROOT, path), 'utf8');
  return { path, text, code: withoutProse(text), imports: importsOf(path, text) };
}

function withoutProse(text: string): string {
  return text
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"/g, "''")
    .replace(/(^|[^:])\/\/.*$/gm, '$1');
}

function importsOf(path: string, text: string): Import[] {
  const imports: Import[] = [];
  const statement = /^\s*(?:import|export)\s+(type\s)?[^'";]*?\bfrom\s+'([^']+)'/gm;
  for (const [, type, from] of text.matchAll(statement))
    imports.push({ target: targetOf(path, from!), typeOnly: type !== undefined });
  // `await import('./x.ts')`, `import './x.ts'`, and files that are named to be run: new URL('./x.js', import.meta.url).
  for (const [, from] of text.matchAll(/import\(?\s*'([^']+)'|(?<=new URL\([^)]*)'(\.[^']+)'/g))
    if (from !== undefined) imports.push({ target: targetOf(path, from), typeOnly: false });
  for (const [, from] of text.matchAll(/'(\.{1,2}\/[\w./-]+\.m?js)'/g))
    imports.push({ target: targetOf(path, from!), typeOnly: false });
  return imports;
}

/** Compiled names stand for their sources. */
function targetOf(path: string, from: string): string {
  if (!from.startsWith('.')) return from;
  return normalize(join(dirname(path), from)).replace(/(?<!m)\.js$/, '.ts');
}
