/** A history file can't be read or written; the message says where, what is wrong and what to do. */
export class HistoryFileError extends Error {
  override readonly name = 'HistoryFileError';
  readonly path: string;
  /** From 1; absent when the fault is not in a line. */
  readonly line: number | undefined;

  constructor(path: string, line: number | undefined, problem: string, options?: ErrorOptions) {
    super(line === undefined ? `${path}: ${problem}` : `${path}:${line}: ${problem}`, options);
    this.path = path;
    this.line = line;
  }
}

/** A history that is too large for the memory of this process: nothing can be said about it here. */
export class HistoryTooLarge extends HistoryFileError {
  constructor(path: string, megabytes: number) {
    super(
      path,
      undefined,
      `${megabytes} MB of it read, and memory is nearly used up; give node more: NODE_OPTIONS=--max-old-space-size=16000`,
    );
  }
}

const HINTS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or folder; check the path',
  EACCES: 'permission denied; check who owns the file and its folder',
  EPERM: 'not permitted; check who owns the file and its folder',
  EISDIR: 'is a folder; name a file in it',
  ENOTDIR: 'a part of the path is not a folder; check the path',
  ENOSPC: 'the disk is full; free some space or write elsewhere',
  EDQUOT: 'the disk quota is used up; free some space or write elsewhere',
  EROFS: 'the file system is read-only; write elsewhere',
  EFBIG: 'the file would become too large for its file system; write elsewhere',
  EMFILE: 'too many open files; raise the limit (ulimit -n)',
  EIO: 'the disk reports an error',
};

/** What the operating system said about a history file, with its code and what to do. */
export function fileError(path: string, doing: 'read' | 'write', cause: unknown): HistoryFileError {
  const code = (cause as NodeJS.ErrnoException).code ?? '';
  const said = HINTS[code] ?? (cause instanceof Error ? cause.message : String(cause));
  return new HistoryFileError(
    path,
    undefined,
    `can't ${doing} it: ${said}${code === '' ? '' : ` (${code})`}`,
    {
      cause,
    },
  );
}
