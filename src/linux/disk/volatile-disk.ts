import { join } from 'node:path';
import { type DiskPolicy, HEALTHY_DISK, survivors, tornBytes } from '../../faults/disk.ts';
import type { UnsyncedFate } from '../../faults/fault.ts';
import type { RandomStream } from '../../world/random.ts';
import { type DataChange, FileData } from './file-data.ts';
import { FileSystemError } from './fuse.ts';
import { DIRECTORY, type Inode, isDirectory, REGULAR, TYPE_MASK, timeNow } from './inode.ts';

/** The part of a disk's policy that is carried out here; how long syncs take is the session's affair. */
export type DiskFaults = Pick<DiskPolicy, 'eio' | 'full'>;

/** What came of a power loss. */
export interface PowerLoss {
  /** Changes that were not yet safe. */
  readonly unsynced: number;
  /** How many of them survived. */
  readonly kept: number;
  /** Whether the next one survived in part. */
  readonly torn: boolean;
}

/** A change of the tree of names, or of attributes, that is not yet safe. */
type NameChange = { readonly number: number } & (
  | {
      readonly kind: 'add' | 'remove';
      readonly directory: Inode;
      readonly name: string;
      readonly inode: Inode;
    }
  | { readonly kind: 'attributes'; readonly inode: Inode; readonly before: Owned }
);

/** Attributes that programs set, and that a power loss may take back. */
export type Owned = Pick<Inode, 'mode' | 'uid' | 'gid' | 'atime' | 'mtime'>;

/** Unsynced bytes that are held at most; beyond, everything is written out, as a kernel does when memory runs short. */
export const MOST_UNSYNCED = 512 * 2 ** 20;

/** Places that are drawn until one holds safe bytes. */
const FLIP_TRIES = 1000;

/**
 * A disk with everything that a power loss can take from it. Programs see each change at once; it is safe only when it
 * was synced. The order is ext4's in its default mode, less what it does beyond its promises:
 * - A file's bytes and size are safe once that file was synced, and no other file's are.
 * - Changes of names (create, link, rename, unlink, mkdir ...) and of attributes go into one journal. They are safe in
 *   their order: an fsync of any file or directory makes all of them safe that came before. An fdatasync does so only
 *   when the file has grown, shrunk, or is itself named in the journal.
 * - So a rename can be safe while the bytes of the renamed file are not: whoever wants both must sync the file first.
 * - Nothing becomes safe by itself as time goes by, unless `MOST_UNSYNCED` bytes are outstanding.
 */
export class VolatileDisk {
  faults: DiskFaults = HEALTHY_DISK;
  readonly root: Inode;
  /** All that the kernel or a program may still ask for. */
  readonly inodes = new Map<number, Inode>();
  private readonly random: RandomStream;
  private readonly objects: string;
  private journal: NameChange[] = [];
  /** Files with unsynced bytes. */
  private readonly dirty = new Set<Inode>();
  private held = 0;
  private changes = 0;
  private nextId = 1;

  /** `objects`: an empty directory in which the bytes of files are kept. */
  constructor(objects: string, random: RandomStream) {
    this.objects = objects;
    this.random = random;
    this.root = this.newInode(DIRECTORY | 0o755, 0, 0);
    this.root.links = 1;
    this.root.parent = this.root;
  }

  /** How many changes have been made so far: what a sync that begins now makes safe. */
  get now(): number {
    return this.changes;
  }

  /** A file without a name; of a directory, socket or pipe by its mode, of a symbolic link with its target. */
  newInode(mode: number, uid: number, gid: number, rdev = 0, target: string | null = null): Inode {
    const id = this.nextId++;
    const now = timeNow();
    const type = mode & TYPE_MASK;
    const inode: Inode = {
      ...{ id, mode, uid, gid, rdev, target },
      ...{ atime: now, mtime: now, ctime: now, links: 0, parent: null, unsynced: 0, lookups: 0 },
      entries: type === DIRECTORY ? new Map() : null,
      data: type === REGULAR ? new FileData(join(this.objects, String(id))) : null,
    };
    this.inodes.set(id, inode);
    return inode;
  }

  /** Changes of names that are one: all survive a power loss, or none. */
  rename(
    changes: readonly {
      readonly kind: 'add' | 'remove';
      readonly directory: Inode;
      readonly name: string;
      readonly inode: Inode;
    }[],
  ): void {
    const number = ++this.changes;
    for (const { kind, directory, name, inode } of changes) {
      if (kind === 'add') addEntry(directory, name, inode);
      else removeEntry(directory, name, inode);
      this.record({ number, kind, directory, name, inode });
      directory.mtime = directory.ctime = inode.ctime = timeNow();
    }
    for (const { inode } of changes) this.forgetUnreachable(inode);
  }

  setAttributes(inode: Inode, change: Partial<Owned>): void {
    const { mode, uid, gid, atime, mtime } = inode;
    this.record({
      number: ++this.changes,
      kind: 'attributes',
      inode,
      before: { mode, uid, gid, atime, mtime },
    });
    Object.assign(inode, change, { ctime: timeNow() });
  }

  /** Throws a `FileSystemError` when the disk is full or fails. */
  write(inode: Inode, bytes: Buffer, at: number): void {
    this.requireSpace();
    if (this.fails()) throw new FileSystemError('EIO');
    this.noteData(inode, inode.data!.write(++this.changes, bytes, at));
  }

  /** Throws a `FileSystemError` when there must be space that is not there. */
  resize(inode: Inode, size: number, { allocate = false } = {}): void {
    if (allocate) this.requireSpace();
    if (size === inode.data!.size) return;
    this.noteData(inode, inode.data!.resize(++this.changes, size));
  }

  /** Whether the next write or sync fails, as the policy has it. */
  fails(): boolean {
    return this.faults.eio > 0 && this.random.chance(this.faults.eio);
  }

  /** A sync of a file or directory that began at `upTo` is over. */
  sync(inode: Inode, upTo: number, dataOnly: boolean): void {
    const done = inode.data?.sync(upTo) ?? [];
    this.release(done);
    if (inode.data?.unsynced.length === 0) this.dirty.delete(inode);
    const resized = done.some(({ sizeBefore, sizeAfter }) => sizeBefore !== sizeAfter);
    if (!dataOnly || resized || inode.unsynced > 0) this.commit(upTo);
  }

  /** Everything is safe. */
  syncAll(): void {
    for (const inode of [...this.dirty]) this.release(inode.data!.sync(this.changes));
    this.dirty.clear();
    this.commit(this.changes);
  }

  /** The power goes. No program may have a file open. */
  losePower(fate: UnsyncedFate): PowerLoss {
    const written = new Map<number, Inode>();
    for (const inode of this.dirty) for (const { number } of inode.data!.unsynced) written.set(number, inode);
    const numbers = new Set([...this.journal.map(({ number }) => number), ...written.keys()]);
    const inOrder = [...numbers].sort((a, b) => a - b);
    const { whole, torn } = survivors(fate, inOrder.length, this.random);
    let tears = false;
    for (const number of inOrder.slice(whole).reverse()) {
      const data = written.get(number)?.data ?? null;
      if (data === null) {
        this.undoNames(number);
        continue;
      }
      const { length, at } = data.unsynced.at(-1)!;
      tears = torn && number === inOrder[whole] && length > 0;
      if (tears) data.tear(tornBytes(at, length, this.random));
      else data.undo();
    }
    for (const inode of this.inodes.values()) inode.lookups = 0;
    // What survived is on the platter now.
    this.syncAll();
    for (const inode of [...this.inodes.values()]) {
      if (inode.data !== null) inode.data.handles = 0;
      inode.data?.close();
      this.forgetUnreachable(inode);
    }
    return { unsynced: inOrder.length, kept: whole, torn: tears };
  }

  /** Flips a bit of safe bytes in some file whose path contains `name`; null when none is found. */
  flipBit(name: string): { readonly file: string; readonly at: number; readonly inode: Inode } | null {
    const files = this.files().filter(({ file, inode }) => file.includes(name) && inode.data!.size > 0);
    for (let tries = files.length === 0 ? 0 : FLIP_TRIES; tries > 0; tries--) {
      const { file, inode } = this.random.pick(files);
      const at = this.random.int(inode.data!.size);
      if (!inode.data!.isSafe(at)) continue;
      inode.data!.flip(at, this.random.int(8));
      return { file, at, inode };
    }
    return null;
  }

  /** Takes an inode away when no name, no kernel, no program and no change leads to it. */
  forgetUnreachable(inode: Inode): void {
    if (inode.links > 0 || inode.unsynced > 0 || inode.lookups > 0) return;
    if (inode.data !== null && inode.data.handles > 0) return;
    this.inodes.delete(inode.id);
    if (inode.data === null) return;
    this.release(inode.data.unsynced);
    this.dirty.delete(inode);
    inode.data.remove();
  }

  /** Every regular file with one of its paths, in the order of the paths. */
  files(): { readonly file: string; readonly inode: Inode }[] {
    const found: { file: string; inode: Inode }[] = [];
    const walk = (directory: Inode, path: string): void => {
      for (const [name, inode] of directory.entries!) {
        if (isDirectory(inode)) walk(inode, `${path}${name}/`);
        else if (inode.data !== null) found.push({ file: path + name, inode });
      }
    };
    walk(this.root, '');
    return found.sort((a, b) => (a.file < b.file ? -1 : 1));
  }

  private requireSpace(): void {
    if (this.faults.full) throw new FileSystemError('ENOSPC');
  }

  private noteData(inode: Inode, { before }: DataChange): void {
    inode.mtime = inode.ctime = timeNow();
    this.dirty.add(inode);
    this.held += before.length;
    if (this.held > MOST_UNSYNCED) this.syncAll();
  }

  private release(changes: readonly DataChange[]): void {
    for (const { before } of changes) this.held -= before.length;
  }

  private record(change: NameChange): void {
    this.journal.push(change);
    change.inode.unsynced++;
  }

  private commit(upTo: number): void {
    const stay = this.journal.findIndex(({ number }) => number > upTo);
    const safe = this.journal.splice(0, stay === -1 ? this.journal.length : stay);
    for (const { inode } of safe) inode.unsynced--;
    for (const { inode } of safe) this.forgetUnreachable(inode);
  }

  private undoNames(number: number): void {
    while (this.journal.at(-1)?.number === number) {
      const change = this.journal.pop()!;
      change.inode.unsynced--;
      if (change.kind === 'attributes') Object.assign(change.inode, change.before);
      else if (change.kind === 'add') removeEntry(change.directory, change.name, change.inode);
      else addEntry(change.directory, change.name, change.inode);
    }
  }
}

function addEntry(directory: Inode, name: string, inode: Inode): void {
  directory.entries!.set(name, inode);
  inode.links++;
  if (isDirectory(inode)) inode.parent = directory;
}

function removeEntry(directory: Inode, name: string, inode: Inode): void {
  directory.entries!.delete(name);
  inode.links--;
}
