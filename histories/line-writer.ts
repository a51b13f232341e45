import { closeSync, openSync, writeSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { fileError } from './history-file-error.ts';

export interface LineWriterOptions {
  /** Write once this many characters of lines have gathered; 0 writes each line at once. */
  readonly batch?: number;
}

/**
 * Writes lines to a file as they come, gzipped when its name ends in `.gz`.
 *
 * Only whole lines are handed to the operating system, so a process that is killed leaves a file that is whole but for
 * the batch that was still being gathered and, at worst, a torn last line, which the reader leaves out. A real run
 * that must lose nothing but the line being written sets `batch: 0`; or calls `flush` as often as it likes. In a gzipped
 * file each batch is a gzip member of its own (RFC 1952, 2.2), so all batches before the last are readable.
 *
 * Every method throws a `HistoryFileError` when the file can't be written. What was not yet written is kept, and a
 * later `flush` goes on at the very byte where the disk was full.
 */
export class LineWriter {
  readonly path: string;
  private readonly fd: number;
  private readonly batch: number;
  private readonly gzip: boolean;
  private gathered = '';
  private unwritten: Uint8Array = new Uint8Array(0);
  private closed = false;

  /** Makes the file, or empties it if it exists. */
  constructor(path: string, options: LineWriterOptions = {}) {
    this.path = path;
    this.batch = options.batch ?? 1 << 16;
    this.gzip = path.endsWith('.gz');
    try {
      this.fd = openSync(path, 'w');
    } catch (error) {
      throw fileError(path, 'write', error);
    }
  }

  /** Adds a line, given without its line break. */
  appendLine(line: string): void {
    this.gathered += `${line}\n`;
    if (this.gathered.length >= this.batch) this.flush();
  }

  /** Hands everything to the operating system: it survives the end of this process, though not a power failure. */
  flush(): void {
    this.writeOut();
    if (this.gathered === '') return;
    const bytes = Buffer.from(this.gathered);
    this.unwritten = this.gzip ? gzipSync(bytes) : bytes;
    this.gathered = '';
    this.writeOut();
  }

  /** Flushes and closes; closing again does nothing. */
  close(): void {
    if (this.closed) return;
    this.closed = true;
    try {
      this.flush();
    } finally {
      closeSync(this.fd);
    }
  }

  private writeOut(): void {
    try {
      while (this.unwritten.length > 0) {
        const written = writeSync(this.fd, this.unwritten);
        this.unwritten = this.unwritten.subarray(written);
      }
    } catch (error) {
      throw fileError(this.path, 'write', error);
    }
  }
}
