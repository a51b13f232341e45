import {
  closeSync,
  fstatSync,
  fsync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Disk, DiskError, type DiskErrorCode } from '../../world/node-program.ts';

const syncFile = promisify(fsync);

/** What is being written before it takes the name of another; no encoded name looks like it. */
const NEW = '%new';

/** A file that was appended to. */
interface OpenFile {
  readonly descriptor: number;
  length: number;
  /** Syncs that are to come or under way. */
  syncs: number;
  /** Whether it has lost its name: closed as soon as no sync needs it. */
  nameless: boolean;
}

/**
 * A program's disk as files in one folder. `append` writes at once; `write` makes a new file and gives it the name, so
 * that a process killed meanwhile, or a machine that loses its power, leaves the old content or the new one; `sync`
 * is an fsync of every file that was changed, and of the folder.
 */
export class Files implements Disk {
  private readonly folder: string;
  private readonly folderDescriptor: number;
  private readonly onSynced: (tag: string, error?: DiskError) => void;
  private readonly open = new Map<string, OpenFile>();
  /** Changed since the last sync began. */
  private changed = new Set<OpenFile>();
  /** What an earlier life of the process wrote may be unsynced. */
  private inherited = true;
  private syncing: Promise<void> = Promise.resolve();

  constructor(folder: string, onSynced: (tag: string, error?: DiskError) => void) {
    this.folder = folder;
    this.folderDescriptor = openSync(folder, 'r');
    this.onSynced = onSynced;
  }

  read = (file: string): string | null => {
    try {
      return readFileSync(this.path(file), 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw diskError(error);
    }
  };

  list = (): string[] =>
    readdirSync(this.folder)
      .filter((name) => name !== NEW)
      .map(decodeURIComponent)
      .sort();

  append = (file: string, data: string): void => {
    const opened = attempt(() => this.opened(file));
    const bytes = Buffer.from(data);
    try {
      writeAll(opened.descriptor, bytes);
    } catch (error) {
      // All of it or nothing: a part would stand in the middle once more is appended.
      ftruncateSync(opened.descriptor, opened.length);
      throw diskError(error);
    }
    opened.length += bytes.length;
    this.changed.add(opened);
  };

  write = (file: string, data: string): void => {
    const path = join(this.folder, NEW);
    attempt(() => {
      const descriptor = openSync(path, 'w');
      try {
        writeAll(descriptor, Buffer.from(data));
        // A name may last sooner than the bytes that it stands for.
        fsyncSync(descriptor);
      } finally {
        closeSync(descriptor);
      }
      renameSync(path, this.path(file));
    });
    this.release(file);
  };

  rename = (from: string, to: string): void => {
    attempt(() => renameSync(this.path(from), this.path(to)));
    if (from === to) return;
    this.release(to);
    const opened = this.open.get(from);
    if (opened === undefined) return;
    this.open.delete(from);
    this.open.set(to, opened);
  };

  remove = (file: string): void => {
    attempt(() => unlinkSync(this.path(file)));
    this.release(file);
  };

  sync = (tag: string): void => {
    if (this.inherited) for (const file of this.list()) this.changed.add(this.opened(file));
    this.inherited = false;
    const batch = this.changed;
    this.changed = new Set();
    for (const file of batch) file.syncs++;
    this.syncing = this.syncing.then(async () => {
      const error = await this.syncAll(batch);
      this.onSynced(tag, error);
    });
  };

  private async syncAll(batch: ReadonlySet<OpenFile>): Promise<DiskError | undefined> {
    try {
      for (const { descriptor } of batch) await syncFile(descriptor);
      await syncFile(this.folderDescriptor);
      return undefined;
    } catch (error) {
      for (const file of batch) if (!file.nameless) this.changed.add(file);
      return diskError(error);
    } finally {
      for (const file of batch) {
        file.syncs--;
        closeIfDone(file);
      }
    }
  }

  private opened(file: string): OpenFile {
    const known = this.open.get(file);
    if (known !== undefined) return known;
    const descriptor = openSync(this.path(file), 'a');
    const opened: OpenFile = { descriptor, length: fstatSync(descriptor).size, syncs: 0, nameless: false };
    this.open.set(file, opened);
    return opened;
  }

  /** The file that had this name has it no more. */
  private release(file: string): void {
    const opened = this.open.get(file);
    if (opened === undefined) return;
    this.open.delete(file);
    this.changed.delete(opened);
    opened.nameless = true;
    closeIfDone(opened);
  }

  /** Names are the program's affair: any text. */
  private path(file: string): string {
    const name = encodeURIComponent(file).replace(/^\.+$/, (dots) => '%2E'.repeat(dots.length));
    return join(this.folder, name);
  }
}

function closeIfDone({ descriptor, syncs, nameless }: OpenFile): void {
  if (nameless && syncs === 0) closeSync(descriptor);
}

function writeAll(descriptor: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at);
}

function attempt<T>(act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw diskError(error);
  }
}

const CODES: readonly string[] = ['EIO', 'ENOSPC', 'ENOENT'] satisfies DiskErrorCode[];

/** What the program is to hear; an error of any other kind is ours, and stays what it is. */
function diskError(error: unknown): DiskError {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === undefined || !CODES.includes(code)) throw error;
  return new DiskError(code as DiskErrorCode, message.replace(/^E[A-Z]+: /, ''));
}
