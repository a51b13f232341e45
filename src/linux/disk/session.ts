import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, read, write, writeSync } from 'node:fs';
import {
  decodeRequest,
  ERRNO,
  type ErrorName,
  encodeError,
  encodeHeader,
  encodeInvalidation,
  FileSystemError,
  MAX_WRITE,
  OUT_HEADER,
  REQUEST_BYTES,
  type Request,
} from './fuse.ts';
import { HANDLERS, type Service, SILENT, type SyncRequest, syncAsked } from './requests.ts';

/** Requests that are waited for at the same time: while one is dealt with, the next is fetched already. */
const READERS = 2;

export interface SessionOptions {
  readonly service: Service;
  readonly mountPoint: string;
  /** What stands as the mount's source in /proc/mounts. */
  readonly source: string;
  /** How much longer a sync takes just now, ns. */
  readonly slow: () => number;
}

/** The time from one mount to its end: power loss or unmounting. */
export class Session {
  private readonly options: SessionOptions;
  private readonly fd: number;
  private readonly out = Buffer.alloc(OUT_HEADER + MAX_WRITE);
  private readonly readers: Promise<void>[] = [];
  private readonly slowSyncs = new Set<NodeJS.Timeout>();

  private constructor(options: SessionOptions) {
    this.options = options;
    this.fd = openSync('/dev/fuse', 'r+');
  }

  /** Throws an `Error` with what mount(8) said when it fails. */
  static async mount(options: SessionOptions): Promise<Session> {
    const session = new Session(options);
    const mode = 'fd=3,rootmode=040000,user_id=0,group_id=0,allow_other,default_permissions,noatime';
    const arguments_ = ['-i', '-t', 'fuse.momus', '-o', mode, options.source, options.mountPoint];
    await run(spawn('mount', arguments_, { stdio: ['ignore', 'ignore', 'pipe', session.fd] }));
    for (let i = 0; i < READERS; i++) session.readers.push(session.serve());
    return session;
  }

  /**
   * Ends it at once: requests under way fail, the kernel forgets all it has cached, also what is written but not sent
   * here, and whoever still has a file open can only close it.
   */
  async abort(): Promise<void> {
    for (const timer of this.slowSyncs) clearTimeout(timer);
    this.slowSyncs.clear();
    // -f aborts the connection, so that nothing waits; -l takes the mount away although it may be in use.
    await run(
      spawn('umount', ['-i', '-f', '-l', this.options.mountPoint], { stdio: ['ignore', 'ignore', 'pipe'] }),
    );
    await this.end();
  }

  /** Unmounts in good order; throws when a file is still open. */
  async unmount(): Promise<void> {
    await run(spawn('umount', ['-i', this.options.mountPoint], { stdio: ['ignore', 'ignore', 'pipe'] }));
    await this.end();
  }

  /** What the kernel has of this file's bytes is not true any more. */
  invalidate(node: number): void {
    // In another thread: the kernel may first wait for a page that this one has still to deliver. ENOENT: nothing cached.
    write(this.fd, encodeInvalidation(node), () => {});
  }

  private async end(): Promise<void> {
    await Promise.all(this.readers);
    closeSync(this.fd);
  }

  /** Fetches requests and answers them until the mount ends. */
  private async serve(): Promise<void> {
    const buffer = Buffer.alloc(REQUEST_BYTES);
    for (;;) {
      const length = await this.next(buffer);
      if (length === 0) return;
      this.perform(decodeRequest(buffer.subarray(0, length)));
    }
  }

  private next(buffer: Buffer): Promise<number> {
    return new Promise((resolve, reject) => {
      const ask = () =>
        read(this.fd, buffer, 0, buffer.length, null, (error, length) => {
          if (error === null) resolve(length);
          // The request was interrupted before it was fetched, or the mount isn't there yet.
          else if (error.code === 'ENOENT' || error.code === 'EINTR' || error.code === 'EAGAIN') ask();
          else if (error.code === 'ENODEV' || error.code === 'ECONNABORTED') resolve(0);
          else reject(error);
        });
      ask();
    });
  }

  private perform(request: Request): void {
    const { service } = this.options;
    const { opcode, unique } = request;
    try {
      const sync = syncAsked(service.disk, request);
      const handler = HANDLERS[opcode];
      if (sync !== null) this.sync(unique, sync);
      else if (handler === undefined) this.fail(unique, 'ENOSYS');
      else {
        const length = handler(service, request, this.out, OUT_HEADER);
        if (!SILENT.has(opcode)) this.answer(encodeHeader(this.out, unique, length));
      }
    } catch (error) {
      if (!(error instanceof FileSystemError) && !isSystemError(error)) throw error;
      if (!SILENT.has(opcode)) this.fail(unique, errorName(error));
    }
  }

  /** A sync makes safe what was there when it began, once it is over. */
  private sync(unique: bigint, { inode, dataOnly }: SyncRequest): void {
    const { disk } = this.options.service;
    const began = disk.now;
    const finish = (): void => {
      if (disk.fails()) this.fail(unique, 'EIO');
      else {
        disk.sync(inode, began, dataOnly);
        this.answer(encodeHeader(this.out, unique, 0));
      }
    };
    const delay = this.options.slow() / 1e6;
    if (delay === 0) {
      finish();
      return;
    }
    const timer = setTimeout(() => {
      this.slowSyncs.delete(timer);
      finish();
    }, delay);
    this.slowSyncs.add(timer);
  }

  private fail(unique: bigint, error: ErrorName): void {
    this.answer(encodeError(unique, error));
  }

  private answer(bytes: Buffer): void {
    try {
      writeSync(this.fd, bytes);
    } catch (error) {
      // ENOENT: who asked was killed meanwhile; ENODEV, ECONNABORTED, EPERM: the mount has ended.
      const { code } = error as NodeJS.ErrnoException;
      if (!['ENOENT', 'ENODEV', 'ECONNABORTED', 'EPERM'].includes(code ?? '')) throw error;
    }
  }
}

/** A failure of the backing directory reaches the program as what it is, if it has a meaning there. */
function errorName(error: unknown): ErrorName {
  const { code } = error as { code?: string };
  return code !== undefined && code in ERRNO ? (code as ErrorName) : 'EIO';
}

function isSystemError(error: unknown): boolean {
  return typeof (error as NodeJS.ErrnoException).errno === 'number';
}

async function run(child: ChildProcess): Promise<void> {
  let said = '';
  child.stderr!.on('data', (text) => {
    said += text;
  });
  const code = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) throw new Error(said.trim() || `${child.spawnfile} ended with code ${code}`);
}
