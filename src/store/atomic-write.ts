import { renameSync, writeFileSync } from 'node:fs';

/** Writes a file so that a reader, or a process killed midway, finds either all of it or none. */
export function writeAtomically(path: string, content: string): void {
  const unfinished = `${path}.tmp`;
  writeFileSync(unfinished, content);
  renameSync(unfinished, path);
}
