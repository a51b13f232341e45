import type { FileData } from './file-data.ts';
import type { Attributes, Time } from './fuse.ts';

export const TYPE_MASK = 0o170000;
export const DIRECTORY = 0o040000;
export const REGULAR = 0o100000;
export const SYMLINK = 0o120000;

/** A file, directory, symbolic link, socket or pipe, as programs see it now. */
export interface Inode {
  readonly id: number;
  /** Type and permissions. */
  mode: number;
  uid: number;
  gid: number;
  readonly rdev: number;
  atime: Time;
  mtime: Time;
  ctime: Time;
  /** Names that it has; a directory has one or none. */
  links: number;
  /** A directory's names. */
  readonly entries: Map<string, Inode> | null;
  /** Whose entry a directory is. */
  parent: Inode | null;
  /** A regular file's bytes. */
  readonly data: FileData | null;
  /** Where a symbolic link leads to. */
  readonly target: string | null;
  /** Unsynced changes of names or attributes that speak of it. */
  unsynced: number;
  /** How often the kernel was told of it, less how often it forgot. */
  lookups: number;
}

export function isDirectory(inode: Inode): boolean {
  return (inode.mode & TYPE_MASK) === DIRECTORY;
}

export function attributesOf(inode: Inode): Attributes {
  const { id, data, target, entries } = inode;
  return {
    node: id,
    size: data?.size ?? (target === null ? 4096 : Buffer.byteLength(target)),
    atime: inode.atime,
    mtime: inode.mtime,
    ctime: inode.ctime,
    mode: inode.mode,
    links: entries === null ? inode.links : 2 + subdirectories(entries),
    uid: inode.uid,
    gid: inode.gid,
    rdev: inode.rdev,
  };
}

function subdirectories(entries: ReadonlyMap<string, Inode>): number {
  let count = 0;
  for (const inode of entries.values()) if (isDirectory(inode)) count++;
  return count;
}

export function timeNow(): Time {
  const ms = Date.now();
  return { s: Math.floor(ms / 1000), ns: (ms % 1000) * 1_000_000 };
}
