import { closeSync, ftruncateSync, openSync, readSync, rmSync, writeSync } from 'node:fs';

/** A change of a file's bytes that is not yet safe, with what it takes to undo it. */
export interface DataChange {
  /** Numbers all changes of a disk in their order. */
  readonly number: number;
  readonly at: number;
  /** Bytes written from `at` on; 0 when only the size changed. */
  readonly length: number;
  /** What stood from `at` on, as far as the file went. */
  readonly before: Buffer;
  readonly sizeBefore: number;
  readonly sizeAfter: number;
}

const NOTHING = Buffer.alloc(0);

/**
 * The bytes of a regular file. They stand in a file of the backing directory as programs see them now; what is not
 * yet safe can be undone, latest change first.
 */
export class FileData {
  size = 0;
  /** Open handles of programs. */
  handles = 0;
  /** In their order. */
  unsynced: DataChange[] = [];
  private readonly path: string;
  private fd: number | null = null;
  private written = false;

  constructor(path: string) {
    this.path = path;
  }

  /** Reads into `out`; the answer: bytes read, fewer than `length` at the end of the file. */
  read(out: Buffer, at: number, length: number, from: number): number {
    const wanted = Math.min(length, this.size - from);
    if (wanted <= 0) return 0;
    const got = this.written ? readSync(this.open(), out, at, wanted, from) : 0;
    // The rest was never written: a hole.
    if (got < wanted) out.fill(0, at + got, at + wanted);
    return wanted;
  }

  write(number: number, bytes: Buffer, at: number): DataChange {
    const before = this.bytes(at, bytes.length);
    const sizeBefore = this.size;
    this.put(bytes, at);
    this.size = Math.max(sizeBefore, at + bytes.length);
    return this.changed({ number, at, length: bytes.length, before, sizeBefore, sizeAfter: this.size });
  }

  resize(number: number, size: number): DataChange {
    const sizeBefore = this.size;
    const before = this.bytes(size, sizeBefore - size);
    this.setSize(size);
    return this.changed({ number, at: size, length: 0, before, sizeBefore, sizeAfter: size });
  }

  /** What was changed up to this number is safe from now on. */
  sync(upTo: number): readonly DataChange[] {
    const stay = this.unsynced.findIndex((change) => change.number > upTo);
    return this.unsynced.splice(0, stay === -1 ? this.unsynced.length : stay);
  }

  /** Undoes the latest unsynced change. */
  undo(): void {
    const { at, before, sizeBefore } = this.unsynced.pop()!;
    this.setSize(sizeBefore);
    if (before.length > 0) this.put(before, at);
  }

  /** Undoes the latest unsynced change, but leaves the first `kept` bytes that it wrote: a torn write. */
  tear(kept: number): void {
    const { at } = this.unsynced.at(-1)!;
    const part = Buffer.from(this.bytes(at, kept));
    this.undo();
    if (kept === 0) return;
    this.put(part, at);
    this.size = Math.max(this.size, at + kept);
  }

  /** Whether no unsynced change has to do with the byte at `at`. */
  isSafe(at: number): boolean {
    return this.unsynced.every(
      (change) =>
        at < Math.min(change.sizeBefore, change.sizeAfter) &&
        (at < change.at || at >= change.at + change.length),
    );
  }

  /** Flips a bit, for good. */
  flip(at: number, bit: number): void {
    const byte = Buffer.from(this.bytes(at, 1));
    byte[0]! ^= 1 << bit;
    this.put(byte, at);
  }

  /** A copy of `length` bytes from `at` on, as far as the file goes. */
  bytes(at: number, length: number): Buffer {
    const there = Math.min(length, this.size - at);
    if (there <= 0) return NOTHING;
    const copy = Buffer.allocUnsafe(there);
    this.read(copy, 0, there, at);
    return copy;
  }

  /** Programs have it open no more. */
  close(): void {
    if (this.fd !== null) closeSync(this.fd);
    this.fd = null;
  }

  /** Nothing can lead to it any more. */
  remove(): void {
    this.close();
    if (this.written) rmSync(this.path, { force: true });
  }

  private changed(change: DataChange): DataChange {
    this.unsynced.push(change);
    return change;
  }

  private put(bytes: Buffer, at: number): void {
    const fd = this.open();
    let done = 0;
    while (done < bytes.length) done += writeSync(fd, bytes, done, bytes.length - done, at + done);
  }

  private setSize(size: number): void {
    // The file behind may be shorter than this one, never longer, or old bytes would come back when it grows.
    if (size < this.size && this.written) ftruncateSync(this.open(), size);
    this.size = size;
  }

  private open(): number {
    this.fd ??= openSync(this.path, this.written ? 'r+' : 'w+');
    this.written = true;
    return this.fd;
  }
}
