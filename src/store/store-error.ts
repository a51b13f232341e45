import { UsageError } from '../world/usage-error.ts';

const HINTS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'not permitted',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  ENOTDIR: 'a part of the path is not a folder',
  EEXIST: 'it is a file, not a folder',
  ENOENT: 'there is no such place',
};

/** Does something with files of the store; what goes wrong becomes one clear line. */
export function storing<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    if (code === undefined) throw cause;
    throw new UsageError(
      `can't store runs in ${path}: ${HINTS[code] ?? (cause as Error).message} (${code}); ` +
        'choose another folder with --store DIR',
      { cause },
    );
  }
}
