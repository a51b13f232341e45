import { statfsSync } from 'node:fs';
import {
  type Entry,
  FileSystemError,
  OPCODE,
  putAttrOut,
  putEntries,
  putEntry,
  putInit,
  putOpen,
  putStatfs,
  type Request,
  strings,
  type Time,
  u64,
} from './fuse.ts';
import { attributesOf, DIRECTORY, type Inode, isDirectory, REGULAR, SYMLINK, timeNow } from './inode.ts';
import type { Owned, VolatileDisk } from './volatile-disk.ts';

/** What the handler of a request needs. */
export interface Service {
  readonly disk: VolatileDisk;
  /** Where the bytes really are: for statfs. */
  readonly backing: string;
  /** What each open directory showed when it was opened. */
  readonly listings: Map<number, readonly Entry[]>;
  nextHandle: number;
}

/**
 * Performs a request and writes the payload of its answer into `out` from `at` on; the answer: its length. Throws a
 * `FileSystemError` for what fails.
 */
type Handler = (service: Service, request: Request, out: Buffer, at: number) => number;

/** Requests that get no answer at all. */
export const SILENT: ReadonlySet<number> = new Set([OPCODE.FORGET, OPCODE.BATCH_FORGET, OPCODE.INTERRUPT]);

/**
 * The requests that are answered at once. Whatever is missing gets ENOSYS, and the kernel makes do: locks are its own
 * affair, extended attributes are not supported, SEEK_HOLE finds none, flush isn't needed.
 */
export const HANDLERS: Readonly<Record<number, Handler>> = {
  [OPCODE.INIT]: (_, { body }, out, at) => putInit(out, at, body),
  [OPCODE.DESTROY]: () => 0,
  [OPCODE.INTERRUPT]: () => 0,
  [OPCODE.LOOKUP]({ disk }, { node, body }, out, at) {
    const found = directory(disk, node).entries!.get(strings(body, 0)[0]!);
    return found === undefined ? putEntry(out, at, null) : told(found, out, at);
  },
  [OPCODE.FORGET]({ disk }, { node, body }) {
    forget(disk, node, u64(body, 0));
    return 0;
  },
  [OPCODE.BATCH_FORGET]({ disk }, { body }) {
    const count = body.readUInt32LE(0);
    for (let i = 0; i < count; i++) forget(disk, u64(body, 8 + 16 * i), u64(body, 16 + 16 * i));
    return 0;
  },
  [OPCODE.GETATTR]: ({ disk }, { node }, out, at) => putAttrOut(out, at, attributesOf(known(disk, node))),
  [OPCODE.SETATTR]: setAttributes,
  [OPCODE.READLINK]: ({ disk }, { node }, out, at) => out.write(known(disk, node).target ?? '', at, 'utf8'),
  [OPCODE.SYMLINK](service, request, out, at) {
    const [name, target] = strings(request.body, 0);
    return told(create(service, request, name!, SYMLINK | 0o777, 0, target), out, at);
  },
  [OPCODE.MKNOD](service, request, out, at) {
    const { body } = request;
    const [name] = strings(body, 16);
    return told(create(service, request, name!, body.readUInt32LE(0), body.readUInt32LE(4)), out, at);
  },
  [OPCODE.MKDIR](service, request, out, at) {
    const [name] = strings(request.body, 8);
    return told(create(service, request, name!, DIRECTORY | request.body.readUInt32LE(0)), out, at);
  },
  [OPCODE.CREATE](service, request, out, at) {
    const [name] = strings(request.body, 16);
    const mode = REGULAR | (request.body.readUInt32LE(4) & 0o7777);
    const inode = create(service, request, name!, mode);
    inode.data!.handles++;
    const length = told(inode, out, at);
    return length + putOpen(out, at + length, 0);
  },
  [OPCODE.UNLINK]({ disk }, { node, body }) {
    const [name] = strings(body, 0);
    const parent = directory(disk, node);
    disk.rename([{ kind: 'remove', directory: parent, name: name!, inode: entry(parent, name!) }]);
    return 0;
  },
  [OPCODE.RMDIR]({ disk }, { node, body }) {
    const [name] = strings(body, 0);
    const parent = directory(disk, node);
    const inode = entry(parent, name!);
    if (!isDirectory(inode)) throw new FileSystemError('ENOTDIR');
    if (inode.entries!.size > 0) throw new FileSystemError('ENOTEMPTY');
    disk.rename([{ kind: 'remove', directory: parent, name: name!, inode }]);
    return 0;
  },
  [OPCODE.RENAME]({ disk }, { node, body }) {
    const [name, newName] = strings(body, 8);
    return rename(disk, directory(disk, node), name!, directory(disk, u64(body, 0)), newName!, 0);
  },
  [OPCODE.RENAME2]({ disk }, { node, body }) {
    const [name, newName] = strings(body, 16);
    const to = directory(disk, u64(body, 0));
    return rename(disk, directory(disk, node), name!, to, newName!, body.readUInt32LE(8));
  },
  [OPCODE.LINK]({ disk }, { node, body }, out, at) {
    const [name] = strings(body, 8);
    const inode = known(disk, u64(body, 0));
    const parent = directory(disk, node);
    requireFree(parent, name!);
    disk.rename([{ kind: 'add', directory: parent, name: name!, inode }]);
    return told(inode, out, at);
  },
  [OPCODE.OPEN]({ disk }, { node }, out, at) {
    const { data } = known(disk, node);
    if (data !== null) data.handles++;
    return putOpen(out, at, 0);
  },
  [OPCODE.RELEASE]({ disk }, { node }) {
    const inode = disk.inodes.get(node);
    if (inode?.data && --inode.data.handles <= 0) {
      inode.data.close();
      disk.forgetUnreachable(inode);
    }
    return 0;
  },
  [OPCODE.READ]({ disk }, { node, body }, out, at) {
    return file(disk, node).data!.read(out, at, body.readUInt32LE(16), u64(body, 8));
  },
  [OPCODE.WRITE]({ disk }, { node, body }, out, at) {
    const size = body.readUInt32LE(16);
    disk.write(file(disk, node), body.subarray(40, 40 + size), u64(body, 8));
    out.writeUInt32LE(size, at);
    out.writeUInt32LE(0, at + 4);
    return 8;
  },
  [OPCODE.FALLOCATE]: allocate,
  [OPCODE.STATFS]({ disk, backing }, _, out, at) {
    const { blocks, bavail, bsize, ffree } = statfsSync(backing);
    const free = disk.faults.full ? 0 : bavail;
    return putStatfs(out, at, { blocks, free, blockSize: bsize, files: ffree });
  },
  [OPCODE.OPENDIR](service, { node }, out, at) {
    const handle = service.nextHandle++;
    const inode = directory(service.disk, node);
    service.listings.set(handle, [
      { name: '.', node, mode: inode.mode },
      { name: '..', node: (inode.parent ?? inode).id, mode: DIRECTORY },
      ...[...inode.entries!].map(([name, { id, mode }]) => ({ name, node: id, mode })),
    ]);
    return putOpen(out, at, handle);
  },
  [OPCODE.READDIR]({ listings }, { body }, out, at) {
    const listing = listings.get(u64(body, 0));
    if (listing === undefined) throw new FileSystemError('EINVAL');
    return putEntries(out, at, body.readUInt32LE(16), listing, u64(body, 8));
  },
  [OPCODE.RELEASEDIR]({ listings }, { body }) {
    listings.delete(u64(body, 0));
    return 0;
  },
};

/** What is to be made safe: a file or directory; `dataOnly`: its bytes alone will do. */
export interface SyncRequest {
  readonly inode: Inode;
  readonly dataOnly: boolean;
}

/** What a request asks to be made safe; null for requests that don't. */
export function syncAsked(disk: VolatileDisk, { opcode, node, body }: Request): SyncRequest | null {
  if (opcode !== OPCODE.FSYNC && opcode !== OPCODE.FSYNCDIR) return null;
  return { inode: known(disk, node), dataOnly: (body.readUInt32LE(8) & FDATASYNC) !== 0 };
}

/** FUSE_FSYNC_FDATASYNC. */
const FDATASYNC = 1;

// struct fuse_setattr_in: which fields are meant, and where they stand.
const FATTR = {
  MODE: 1,
  UID: 2,
  GID: 4,
  SIZE: 8,
  ATIME: 16,
  MTIME: 32,
  ATIME_NOW: 128,
  MTIME_NOW: 256,
} as const;

function setAttributes({ disk }: Service, { node, body }: Request, out: Buffer, at: number): number {
  const inode = known(disk, node);
  const valid = body.readUInt32LE(0);
  if (valid & FATTR.SIZE) disk.resize(file(disk, node), u64(body, 16));
  const change: { -readonly [name in keyof Owned]?: Owned[name] } = {};
  if (valid & FATTR.MODE) change.mode = (inode.mode & ~0o7777) | (body.readUInt32LE(68) & 0o7777);
  if (valid & FATTR.UID) change.uid = body.readUInt32LE(76);
  if (valid & FATTR.GID) change.gid = body.readUInt32LE(80);
  const time = (bit: number, now: number, seconds: number, nanos: number): Time | null => {
    if (valid & now) return timeNow();
    return valid & bit ? { s: u64(body, seconds), ns: body.readUInt32LE(nanos) } : null;
  };
  const atime = time(FATTR.ATIME, FATTR.ATIME_NOW, 32, 56);
  const mtime = time(FATTR.MTIME, FATTR.MTIME_NOW, 40, 60);
  if (atime !== null) change.atime = atime;
  if (mtime !== null) change.mtime = mtime;
  if (Object.keys(change).length > 0) disk.setAttributes(inode, change);
  return putAttrOut(out, at, attributesOf(inode));
}

/** fallocate(2): reserving space makes a file grow, or does nothing; punching holes writes zeros. */
function allocate({ disk }: Service, { node, body }: Request): number {
  const inode = file(disk, node);
  const from = u64(body, 8);
  const length = u64(body, 16);
  const mode = body.readUInt32LE(24);
  const KEEP_SIZE = 1;
  const PUNCH_HOLE = 2;
  const ZERO_RANGE = 16;
  if ((mode & ~(KEEP_SIZE | PUNCH_HOLE | ZERO_RANGE)) !== 0) throw new FileSystemError('EOPNOTSUPP');
  if (mode & (PUNCH_HOLE | ZERO_RANGE)) {
    const zeros = Math.min(length, inode.data!.size - from);
    if (zeros > 0) disk.write(inode, Buffer.alloc(zeros), from);
  }
  const end = from + length;
  const grows = (mode & KEEP_SIZE) === 0 && end > inode.data!.size;
  disk.resize(inode, grows ? end : inode.data!.size, { allocate: true });
  return 0;
}

const NOREPLACE = 1;
const EXCHANGE = 2;

/** rename(2) and renameat2(2). That a directory isn't moved into itself was made sure of by the kernel. */
function rename(
  disk: VolatileDisk,
  from: Inode,
  name: string,
  to: Inode,
  newName: string,
  flags: number,
): number {
  const inode = entry(from, name);
  const target = to.entries!.get(newName);
  if ((flags & ~(NOREPLACE | EXCHANGE)) !== 0) throw new FileSystemError('EINVAL');
  if (flags & EXCHANGE) {
    const other = entry(to, newName);
    disk.rename([
      { kind: 'remove', directory: from, name, inode },
      { kind: 'remove', directory: to, name: newName, inode: other },
      { kind: 'add', directory: from, name, inode: other },
      { kind: 'add', directory: to, name: newName, inode },
    ]);
    return 0;
  }
  if (target === inode) return 0;
  if (target !== undefined) {
    if (flags & NOREPLACE) throw new FileSystemError('EEXIST');
    if (isDirectory(target) && target.entries!.size > 0) throw new FileSystemError('ENOTEMPTY');
  }
  disk.rename([
    ...(target === undefined
      ? []
      : [{ kind: 'remove', directory: to, name: newName, inode: target } as const]),
    { kind: 'remove', directory: from, name, inode },
    { kind: 'add', directory: to, name: newName, inode },
  ]);
  return 0;
}

const SET_GROUP = 0o2000;

function create(
  { disk }: Service,
  { node, uid, gid }: Request,
  name: string,
  mode: number,
  rdev = 0,
  target: string | null = null,
): Inode {
  const parent = directory(disk, node);
  requireFree(parent, name);
  // A set-group-ID directory gives its group to what is made in it, and its bit to directories.
  const inherits = (parent.mode & SET_GROUP) !== 0;
  const inheritedBit = inherits && (mode & DIRECTORY) === DIRECTORY ? SET_GROUP : 0;
  const inode = disk.newInode(mode | inheritedBit, uid, inherits ? parent.gid : gid, rdev, target);
  disk.rename([{ kind: 'add', directory: parent, name, inode }]);
  return inode;
}

/** Writes a struct fuse_entry_out: the kernel knows the inode now, until it forgets it. */
function told(inode: Inode, out: Buffer, at: number): number {
  inode.lookups++;
  return putEntry(out, at, attributesOf(inode));
}

function forget(disk: VolatileDisk, node: number, times: number): void {
  const inode = disk.inodes.get(node);
  if (inode === undefined || inode === disk.root) return;
  inode.lookups = Math.max(0, inode.lookups - times);
  disk.forgetUnreachable(inode);
}

function known(disk: VolatileDisk, node: number): Inode {
  const inode = disk.inodes.get(node);
  if (inode === undefined) throw new FileSystemError('ESTALE');
  return inode;
}

function directory(disk: VolatileDisk, node: number): Inode {
  const inode = known(disk, node);
  if (!isDirectory(inode)) throw new FileSystemError('ENOTDIR');
  return inode;
}

function file(disk: VolatileDisk, node: number): Inode {
  const inode = known(disk, node);
  if (inode.data === null) throw new FileSystemError(isDirectory(inode) ? 'EISDIR' : 'EINVAL');
  return inode;
}

function entry(parent: Inode, name: string): Inode {
  const inode = parent.entries!.get(name);
  if (inode === undefined) throw new FileSystemError('ENOENT');
  return inode;
}

function requireFree(parent: Inode, name: string): void {
  if (parent.entries!.has(name)) throw new FileSystemError('EEXIST');
}
