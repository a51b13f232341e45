import { type ChildProcess, fork } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { UnsyncedFate } from '../../faults/fault.ts';
import { RUN_MARK } from '../run-mark.ts';
import { within } from '../within.ts';
import { mountedDisks, removeDisk, sourceOf } from './leftovers.ts';
import type {
  DiskAnswers,
  DiskCommand,
  DiskSetup,
  DiskTrouble,
  FlippedBit,
  FromDisk,
  ToDisk,
} from './messages.ts';
import type { PowerLoss } from './volatile-disk.ts';

export type { DiskTrouble, FlippedBit } from './messages.ts';
export type { PowerLoss } from './volatile-disk.ts';

export interface DiskOptions {
  /** The run's id: mounts and processes that were left behind are found by it. */
  readonly run: string;
  readonly node: string;
  /** Where programs find the disk; made if it isn't there. */
  readonly mountPoint: string;
  /** Where the bytes are kept, best in memory (/dev/shm); made if it isn't there. */
  readonly backing: string;
  /** From which errors, losses and flipped bits are drawn. */
  readonly seed: string;
}

const FROM_SOURCE = import.meta.url.endsWith('.ts');
const PROGRAM = new URL(FROM_SOURCE ? './disk-process.ts' : './disk-process.js', import.meta.url);

/** How long its process may take to be there, and to perform a command, ms. */
const ANSWERS_WITHIN = 30_000;

/** How long its process may take to end when it is killed, ms. */
const DIES_WITHIN = 5_000;

/** A disk without trouble. */
export const NO_TROUBLE: DiskTrouble = { eio: 0, full: false, slow: 0 };

/**
 * The disk of one node: a file system that holds back what was not synced, so that a power loss can take it. It belongs
 * to root, as a new disk does; whoever is to use it must be given its root directory (chown).
 */
export class NodeDisk {
  /** Where programs find it. */
  readonly path: string;
  private readonly process: ChildProcess;
  /** When its process has ended. */
  readonly ended: Promise<void>;
  private readonly waiting = new Map<number, { resolve(answer: never): void; reject(error: Error): void }>();
  private commands = 0;

  private constructor(path: string, process: ChildProcess) {
    this.path = path;
    this.process = process;
    this.ended = new Promise((resolve) => process.once('exit', () => resolve()));
  }

  /** Starts its process and mounts it. Throws an `Error` that says why it can't be (see `diskSupport`). */
  static async mount({ run, node, mountPoint, backing, seed }: DiskOptions): Promise<NodeDisk> {
    mkdirSync(mountPoint, { recursive: true });
    mkdirSync(backing, { recursive: true, mode: 0o700 });
    const setup: DiskSetup = { mountPoint, backing, seed, source: sourceOf(run, node) };
    const child = fork(fileURLToPath(PROGRAM), [JSON.stringify(setup)], {
      execArgv: FROM_SOURCE ? ['--import', 'tsx'] : [],
      serialization: 'json',
      env: { ...process.env, [RUN_MARK]: run },
      // Its standard streams lead nowhere: whoever reads ours must not wait for the end of this process.
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    const disk = new NodeDisk(mountPoint, child);
    try {
      await within(ANSWERS_WITHIN, disk.ready(), () => disk.silence('be mounted'));
      return disk;
    } catch (error) {
      await disk.remove().catch(() => {});
      throw error;
    }
  }

  /** Of its process. */
  get pid(): number {
    return this.process.pid!;
  }

  /** Gives it troubles, or takes them away; the others stay. */
  async change(trouble: Partial<DiskTrouble>): Promise<void> {
    await this.ask('change', { do: 'change', trouble });
  }

  /** All troubles end. What was lost or flipped stays so. */
  async heal(): Promise<void> {
    await this.change(NO_TROUBLE);
  }

  /**
   * The power goes and comes back: what was not synced is lost, cut to a prefix, or torn. Kill the node's processes
   * first, without waiting for their end: those that wait for the disk are freed by this.
   */
  losePower(fate: UnsyncedFate): Promise<PowerLoss> {
    return this.ask('lose-power', { do: 'lose-power', fate });
  }

  /** Flips a bit of synced bytes in some file whose path on the disk contains `file`; null when there is none. */
  flipBit(file: string): Promise<FlippedBit | null> {
    return this.ask('flip-bit', { do: 'flip-bit', file });
  }

  /** Takes it away, also from programs that still use it, and throws its bytes away. */
  async unmount(): Promise<void> {
    await this.ask('unmount', { do: 'unmount' }).catch(() => {});
    await this.remove();
  }

  /** Ends its process, and takes away what that has left. */
  private async remove(): Promise<void> {
    const ending = within(DIES_WITHIN, this.ended, () => this.silence('end'));
    try {
      // Once it has unmounted it ends by itself.
      await ending;
    } catch {
      this.process.kill('SIGKILL');
    }
    for (const left of mountedDisks()) if (left.path === this.path) await removeDisk(left);
    // A process that waits for its own disk ends only now.
    await within(DIES_WITHIN, this.ended, () => this.silence('end'));
  }

  private silence(what: string): string {
    return `told to ${what}, the disk ${this.path} (process ${this.pid}) has not for long`;
  }

  private ready(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.process.on('message', (message: FromDisk) => {
        if ('ready' in message) resolve();
        else if ('failed' in message) reject(new Error(`cannot mount ${this.path}: ${message.failed}`));
        else this.settle(message);
      });
      this.process.once('error', reject);
      this.process.once('exit', (code, signal) => {
        const error = new Error(`the process of the disk ${this.path} ended (${signal ?? code})`);
        reject(error);
        for (const { reject: rejectOne } of this.waiting.values()) rejectOne(error);
        this.waiting.clear();
      });
    });
  }

  private settle({ id, answer, error }: Extract<FromDisk, { readonly id: number }>): void {
    const waiting = this.waiting.get(id);
    this.waiting.delete(id);
    if (error !== undefined) waiting?.reject(new Error(`the disk ${this.path}: ${error}`));
    else waiting?.resolve(answer as never);
  }

  private ask<K extends DiskCommand['do']>(
    _: K,
    command: Extract<DiskCommand, { readonly do: K }>,
  ): Promise<DiskAnswers[K]> {
    const id = ++this.commands;
    const answer = new Promise<DiskAnswers[K]>((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      const message: ToDisk = { id, ...(command as DiskCommand) };
      this.process.send(message, (error) => {
        if (error === null) return;
        this.waiting.delete(id);
        reject(new Error(`the disk ${this.path} has no process any more`, { cause: error }));
      });
    });
    return within(ANSWERS_WITHIN, answer, () => this.silence(command.do));
  }
}
