import { readFileSync } from 'node:fs';
import { UsageError } from '../world/usage-error.ts';

/** The text of a file that a user named; `what` says which kind of file it should have been. */
export function readText(file: string, what: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    const why =
      code === 'ENOENT' ? 'no such file' : code === 'EISDIR' ? 'is a folder' : (cause as Error).message;
    throw new UsageError(`${file}: ${why}; name a ${what} (YAML)`, { cause });
  }
}
