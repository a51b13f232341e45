/**
 * The FUSE kernel protocol, version 7, as include/uapi/linux/fuse.h and fuse(4) define it: little-endian structures with
 * 64-bit alignment. Offsets are commented with the names that the header gives them.
 */

export const PROTOCOL = { major: 7, minor: 31 } as const;

export const OPCODE = {
  LOOKUP: 1,
  FORGET: 2,
  GETATTR: 3,
  SETATTR: 4,
  READLINK: 5,
  SYMLINK: 6,
  MKNOD: 8,
  MKDIR: 9,
  UNLINK: 10,
  RMDIR: 11,
  RENAME: 12,
  LINK: 13,
  OPEN: 14,
  READ: 15,
  WRITE: 16,
  STATFS: 17,
  RELEASE: 18,
  FSYNC: 20,
  INIT: 26,
  OPENDIR: 27,
  READDIR: 28,
  RELEASEDIR: 29,
  FSYNCDIR: 30,
  CREATE: 35,
  INTERRUPT: 36,
  DESTROY: 38,
  BATCH_FORGET: 42,
  FALLOCATE: 43,
  RENAME2: 45,
} as const;

export const ERRNO = {
  ENOENT: 2,
  EIO: 5,
  EEXIST: 17,
  ENOTDIR: 20,
  EISDIR: 21,
  EINVAL: 22,
  EFBIG: 27,
  ENOSPC: 28,
  EMLINK: 31,
  ENOSYS: 38,
  ENOTEMPTY: 39,
  EOPNOTSUPP: 95,
  ESTALE: 116,
} as const;

export type ErrorName = keyof typeof ERRNO;

/** A request that fails; the program gets the errno. */
export class FileSystemError extends Error {
  override readonly name = 'FileSystemError';
  readonly code: ErrorName;

  constructor(code: ErrorName) {
    super(code);
    this.code = code;
  }
}

/** The largest write that comes in one request. */
export const MAX_WRITE = 1 << 20;
/** A request's buffer: the largest write and its headers. */
export const REQUEST_BYTES = MAX_WRITE + 4096;

export const IN_HEADER = 40;
export const OUT_HEADER = 16;
/** FUSE_NOTIFY_INVAL_INODE. */
const INVALIDATE_INODE = 2;

/** What the kernel asks. `body` is only valid until the request's handler returns. */
export interface Request {
  readonly opcode: number;
  readonly unique: bigint;
  readonly node: number;
  readonly uid: number;
  readonly gid: number;
  readonly body: Buffer;
}

export function decodeRequest(bytes: Buffer): Request {
  return {
    opcode: bytes.readUInt32LE(4),
    unique: bytes.readBigUInt64LE(8),
    node: u64(bytes, 16),
    uid: bytes.readUInt32LE(24),
    gid: bytes.readUInt32LE(28),
    body: bytes.subarray(IN_HEADER, bytes.readUInt32LE(0)),
  };
}

/** Fills in the header of an answer whose payload of `length` bytes stands behind it. */
export function encodeHeader(answer: Buffer, unique: bigint, length: number): Buffer {
  answer.writeUInt32LE(OUT_HEADER + length, 0);
  answer.writeInt32LE(0, 4);
  answer.writeBigUInt64LE(unique, 8);
  return answer.subarray(0, OUT_HEADER + length);
}

export function encodeError(unique: bigint, error: ErrorName): Buffer {
  const answer = Buffer.alloc(OUT_HEADER);
  encodeHeader(answer, unique, 0);
  answer.writeInt32LE(-ERRNO[error], 4);
  return answer;
}

/** A notice that nothing cached of a file's data is true any more. */
export function encodeInvalidation(node: number): Buffer {
  const notice = Buffer.alloc(OUT_HEADER + 24);
  encodeHeader(notice, 0n, 24);
  notice.writeInt32LE(INVALIDATE_INODE, 4);
  putU64(notice, 16, node); // ino; off and len 0: all of it
  return notice;
}

/** A 64-bit number that is known to be below 2^53. */
export function u64(bytes: Buffer, at: number): number {
  return bytes.readUInt32LE(at) + bytes.readUInt32LE(at + 4) * 0x1_0000_0000;
}

export function putU64(bytes: Buffer, at: number, value: number): void {
  bytes.writeUInt32LE(value % 0x1_0000_0000, at);
  bytes.writeUInt32LE(Math.floor(value / 0x1_0000_0000), at + 4);
}

/** The strings of a body from `at` on, each ended by a zero byte. */
export function strings(body: Buffer, at: number): string[] {
  return body.toString('utf8', at).split('\0').slice(0, -1);
}

/** A point of time: whole seconds since 1970 and nanoseconds. */
export interface Time {
  readonly s: number;
  readonly ns: number;
}

/** What `stat` shows. */
export interface Attributes {
  readonly node: number;
  readonly size: number;
  readonly atime: Time;
  readonly mtime: Time;
  readonly ctime: Time;
  readonly mode: number;
  readonly links: number;
  readonly uid: number;
  readonly gid: number;
  readonly rdev: number;
}

/**
 * How long the kernel may believe what it was told, s. All changes go through the kernel, and after a power loss the
 * file system is mounted anew, so for ever.
 */
const VALID = 1e9;

const ATTRIBUTES_BYTES = 88;
/** struct fuse_entry_out. */
const ENTRY_BYTES = 40 + ATTRIBUTES_BYTES;
/** struct fuse_attr_out. */
const ATTR_OUT_BYTES = 16 + ATTRIBUTES_BYTES;

/** struct fuse_attr. */
function putAttributes(out: Buffer, at: number, a: Attributes): void {
  putU64(out, at, a.node); // ino
  putU64(out, at + 8, a.size);
  putU64(out, at + 16, Math.ceil(a.size / 512)); // blocks
  putU64(out, at + 24, a.atime.s);
  putU64(out, at + 32, a.mtime.s);
  putU64(out, at + 40, a.ctime.s);
  out.writeUInt32LE(a.atime.ns, at + 48);
  out.writeUInt32LE(a.mtime.ns, at + 52);
  out.writeUInt32LE(a.ctime.ns, at + 56);
  out.writeUInt32LE(a.mode, at + 60);
  out.writeUInt32LE(a.links, at + 64);
  out.writeUInt32LE(a.uid, at + 68);
  out.writeUInt32LE(a.gid, at + 72);
  out.writeUInt32LE(a.rdev, at + 76);
  out.writeUInt32LE(4096, at + 80); // blksize
  out.writeUInt32LE(0, at + 84); // flags
}

/** struct fuse_entry_out; null says that there is no such name, which the kernel may remember too. */
export function putEntry(out: Buffer, at: number, a: Attributes | null): number {
  out.fill(0, at, at + ENTRY_BYTES);
  putU64(out, at + 16, VALID); // entry_valid
  if (a === null) return ENTRY_BYTES;
  putU64(out, at, a.node); // nodeid; generation 0, because numbers are never used again
  putU64(out, at + 24, VALID); // attr_valid
  putAttributes(out, at + 40, a);
  return ENTRY_BYTES;
}

/** struct fuse_attr_out. */
export function putAttrOut(out: Buffer, at: number, a: Attributes): number {
  out.fill(0, at, at + 16);
  putU64(out, at, VALID);
  putAttributes(out, at + 16, a);
  return ATTR_OUT_BYTES;
}

/** struct fuse_open_out. `handle` comes back with each request on the open file. */
export function putOpen(out: Buffer, at: number, handle: number): number {
  putU64(out, at, handle);
  out.writeUInt32LE(KEEP_CACHE, at + 8);
  out.writeUInt32LE(0, at + 12);
  return 16;
}

/** FOPEN_KEEP_CACHE: what the kernel has of a file's data stays true from one open to the next. */
const KEEP_CACHE = 1 << 1;

/** One name of a directory; `type` is the file type of its mode. */
export interface Entry {
  readonly name: string;
  readonly node: number;
  readonly mode: number;
}

/** As many entries from number `from` on as `room` bytes hold: struct fuse_dirent. The answer: bytes written. */
export function putEntries(
  out: Buffer,
  at: number,
  room: number,
  entries: readonly Entry[],
  from: number,
): number {
  let used = 0;
  for (let i = from; i < entries.length; i++) {
    const { name, node, mode } = entries[i]!;
    const length = Buffer.byteLength(name);
    const size = Math.ceil((24 + length) / 8) * 8;
    if (used + size > room) break;
    const here = at + used;
    putU64(out, here, node);
    putU64(out, here + 8, i + 1); // off: where the next call goes on
    out.writeUInt32LE(length, here + 16);
    out.writeUInt32LE((mode & 0o170000) >> 12, here + 20);
    out.write(name, here + 24, 'utf8');
    out.fill(0, here + 24 + length, here + size);
    used += size;
  }
  return used;
}

/** FUSE_ASYNC_READ | FUSE_BIG_WRITES | FUSE_PARALLEL_DIROPS | FUSE_MAX_PAGES: no write-back cache, so each write comes at once. */
const FEATURES = (1 << 0) | (1 << 5) | (1 << 18) | (1 << 22);

/** struct fuse_init_out, in answer to a struct fuse_init_in. */
export function putInit(out: Buffer, at: number, asked: Buffer): number {
  out.fill(0, at, at + 64);
  out.writeUInt32LE(PROTOCOL.major, at);
  out.writeUInt32LE(PROTOCOL.minor, at + 4);
  out.writeUInt32LE(asked.readUInt32LE(8), at + 8); // max_readahead
  out.writeUInt32LE(asked.readUInt32LE(12) & FEATURES, at + 12);
  out.writeUInt16LE(64, at + 16); // max_background
  out.writeUInt16LE(48, at + 18); // congestion_threshold
  out.writeUInt32LE(MAX_WRITE, at + 20);
  out.writeUInt32LE(1, at + 24); // time_gran, ns
  out.writeUInt16LE(MAX_WRITE / 4096, at + 28); // max_pages
  return 64;
}

/** struct fuse_statfs_out. */
export function putStatfs(
  out: Buffer,
  at: number,
  s: { readonly blocks: number; readonly free: number; readonly blockSize: number; readonly files: number },
): number {
  out.fill(0, at, at + 80);
  putU64(out, at, s.blocks);
  putU64(out, at + 8, s.free);
  putU64(out, at + 16, s.free); // bavail
  putU64(out, at + 24, s.files);
  putU64(out, at + 32, s.files); // ffree
  out.writeUInt32LE(s.blockSize, at + 40);
  out.writeUInt32LE(255, at + 44); // namelen
  out.writeUInt32LE(s.blockSize, at + 48); // frsize
  return 80;
}
