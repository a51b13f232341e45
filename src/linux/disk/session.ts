import { spawn } from 'node:child_process';
import { closeSync, openSync, statfs, write } from 'node:fs';
import { Worker } from 'node:worker_threads';
import type { UnsyncedFate } from '../../faults/fault.ts';
import { encodeInvalidation } from './fuse.ts';
import { MOUNT_WITHIN } from './leftovers.ts';
import type { FromLoop, LoopSetup, ToLoop } from './loop-messages.ts';
import type { DiskTrouble, FlippedBit } from './messages.ts';
import type { PowerLoss } from './volatile-disk.ts';

const FROM_SOURCE = import.meta.url.endsWith('.ts');
const LOOP = new URL(FROM_SOURCE ? './fuse-loop-from-source.mjs' : './fuse-loop.js', import.meta.url);

type Answer<K extends FromLoop['did']> = Extract<FromLoop, { readonly did: K }>;

/** A mount, and the thread that answers the kernel. */
export class Session {
  private readonly mountPoint: string;
  private readonly source: string;
  private readonly loop: Worker;
  /** Rejects when the thread throws: then nobody answers the kernel any more. */
  readonly failed: Promise<never>;
  private fd = -1;
  private served: Promise<unknown> = Promise.resolve();
  private readonly waiting = new Map<FromLoop['did'], (answer: FromLoop) => void>();
  /** What ends each sync that takes its time. */
  private readonly slowSyncs = new Map<number, NodeJS.Timeout>();

  constructor(mountPoint: string, source: string, setup: LoopSetup) {
    this.mountPoint = mountPoint;
    this.source = source;
    this.loop = new Worker(LOOP, { workerData: setup });
    this.failed = new Promise((_, reject) => this.loop.once('error', reject));
    this.loop.on('message', (message: FromLoop) => this.hear(message));
  }

  /** Throws an `Error` with what mount(8) said when it fails. */
  async mount(): Promise<void> {
    this.fd = openSync('/dev/fuse', 'r+');
    const how = 'fd=3,rootmode=040000,user_id=0,group_id=0,allow_other,default_permissions,noatime';
    const words = ['-i', '-t', 'fuse.momus', '-o', how, this.source, this.mountPoint];
    await run('mount', words, this.fd);
    this.served = this.ask('serve', { do: 'serve', fd: this.fd });
  }

  /**
   * Ends the mount at once: requests under way fail, the kernel forgets all it has cached, also what is written but not
   * sent here, and whoever still has a file open can only close it.
   */
  async abort(): Promise<void> {
    for (const timer of this.slowSyncs.values()) clearTimeout(timer);
    this.slowSyncs.clear();
    if (this.fd === -1) return;
    // -f aborts the connection, so that nothing waits; -l takes the mount away although it may be in use.
    await run('umount', ['-i', '-f', '-l', this.mountPoint]);
    await this.served;
    closeSync(this.fd);
    this.fd = -1;
  }

  async change({ eio, full, slow }: DiskTrouble): Promise<void> {
    await this.askServing('change', { do: 'change', faults: { eio, full }, slow });
    // A disk that is fast again keeps nobody waiting.
    if (slow === 0) for (const sync of [...this.slowSyncs.keys()]) this.finishSync(sync);
  }

  async losePower(fate: UnsyncedFate): Promise<PowerLoss> {
    await this.abort();
    const { loss } = await this.ask('lose-power', { do: 'lose-power', fate });
    await this.mount();
    return loss;
  }

  async flipBit(file: string): Promise<FlippedBit | null> {
    const { flipped } = await this.askServing('flip-bit', { do: 'flip-bit', file });
    if (flipped === null) return null;
    // What the kernel has of the file is not true any more. In a thread of its own: the kernel may first wait for a page
    // that the loop has still to deliver. It fails when nothing is cached.
    await new Promise<void>((resolve) => write(this.fd, encodeInvalidation(flipped.node), () => resolve()));
    return { file: flipped.file, at: flipped.at };
  }

  /** Ends the thread; the mount must have ended. */
  async close(): Promise<void> {
    await this.loop.terminate();
  }

  private hear(message: FromLoop): void {
    if (message.did === 'begin-sync') {
      const { sync, delay } = message;
      this.slowSyncs.set(
        sync,
        setTimeout(() => this.finishSync(sync), delay / 1e6),
      );
      return;
    }
    const resolve = this.waiting.get(message.did);
    this.waiting.delete(message.did);
    resolve?.(message);
  }

  private finishSync(sync: number): void {
    clearTimeout(this.slowSyncs.get(sync));
    this.slowSyncs.delete(sync);
    this.loop.postMessage({ do: 'finish-sync', sync } satisfies ToLoop);
    this.knock();
  }

  /** To the thread while it serves. */
  private askServing<K extends ToLoop['do'] & FromLoop['did']>(did: K, message: ToLoop): Promise<Answer<K>> {
    const answer = this.ask(did, message);
    this.knock();
    return answer;
  }

  /** Only one of a kind is asked at a time. */
  private ask<K extends ToLoop['do'] & FromLoop['did']>(did: K, message: ToLoop): Promise<Answer<K>> {
    const answer = new Promise<FromLoop>((resolve) => this.waiting.set(did, resolve));
    this.loop.postMessage(message);
    return Promise.race([answer as Promise<Answer<K>>, this.failed]);
  }

  /**
   * Makes the thread look for messages. Asking for the free space is the one request that the kernel passes on each time
   * and for which it holds no lock: a look into the root directory would wait for the end of a slow sync of that.
   */
  private knock(): void {
    statfs(this.mountPoint, () => {});
  }
}

/** Runs mount(8) or umount(8), with file descriptor 3 if there is one for it. */
async function run(program: string, words: readonly string[], fd?: number): Promise<void> {
  const child = spawn(program, words, {
    stdio: ['ignore', 'ignore', 'pipe', ...(fd === undefined ? [] : [fd])],
    timeout: MOUNT_WITHIN,
    killSignal: 'SIGKILL',
  });
  let said = '';
  child.stderr!.on('data', (text) => {
    said += text;
  });
  const how = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve(signal ?? `code ${code}`));
  });
  if (how !== 'code 0') throw new Error(said.trim() || `${program} ended with ${how}`);
}
