import { accessSync, constants } from 'node:fs';
import { isAbsolute, join } from 'node:path';

/** Folders in which servers hide their programs from the PATH come with their names. */
const FOLDERS = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

/** Where a program is, by its name or path; null when it is not on this machine. */
export function findProgram(binary: string): string | null {
  const places = isAbsolute(binary) ? [binary] : FOLDERS.map((folder) => join(folder, binary));
  return places.find(executable) ?? null;
}

function executable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
