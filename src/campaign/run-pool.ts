import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import {
  HEARTBEAT,
  newSigns,
  RUNS_DONE,
  type RunResult,
  type RunTask,
  type SeedRuns,
  STOP,
} from './run-task.ts';

const FROM_SOURCE = import.meta.url.endsWith('.ts');
const WORKER = new URL(FROM_SOURCE ? './worker-from-source.mjs' : './run-seeds.js', import.meta.url);

/** Runs that travel to a worker together: enough that the journey doesn't count, few enough to share the work well. */
const MOST_RUNS_A_TASK = 20;

/** A run that gives no sign of life for so long has hung, in an endless loop of a node program (ms). */
const PATIENCE = 120_000;

/** How long the runs under way have to end by themselves when the user stops everything (ms). */
const GRACE = 2_000;

/** The same where servers must be ended and taken away. */
export const REAL_GRACE = 20_000;

export interface RunPoolOptions {
  /** Worker threads; default: as many as the machine has cores. */
  readonly threads?: number;
  /** How long a run may give no sign of life before it counts as hung, ms. */
  readonly patience?: number;
  /** How long runs have to end by themselves when everything is stopped, ms. */
  readonly grace?: number;
  /** The module whose `runSeeds` performs the runs; default: the real one. */
  readonly worker?: URL;
}

/** Worker threads that perform runs. A run that throws, hangs or exhausts its memory fails only itself. */
export class RunPool {
  readonly threads: number;
  private readonly patience: number;
  private readonly grace: number;
  private readonly worker: URL;
  private piscina: Piscina<RunTask, RunResult[]> | undefined;
  private readonly underWay = new Set<RunTask['signs']>();
  private finished = 0;
  private stopping = false;

  constructor({
    threads = availableParallelism(),
    patience = PATIENCE,
    grace = GRACE,
    worker = WORKER,
  }: RunPoolOptions = {}) {
    this.threads = threads;
    this.patience = patience;
    this.grace = grace;
    this.worker = worker;
  }

  /** Runs that are over, of all that were ever asked for. */
  get runsDone(): number {
    let done = this.finished;
    for (const signs of this.underWay) done += Atomics.load(signs, RUNS_DONE);
    return done;
  }

  /** Performs runs, on all threads unless they end at the first violation, and gives their results in the order of the seeds; fewer when stopped. */
  async run(runs: SeedRuns): Promise<RunResult[]> {
    const share = Math.min(MOST_RUNS_A_TASK, Math.ceil(runs.seeds.length / (2 * this.threads)));
    // Whoever waits for a violation doesn't want the seeds after it.
    const size = runs.untilInvalid ? runs.seeds.length : share;
    const results = await Promise.all(
      chunksOf(runs.seeds, size).map((seeds) => this.runTogether({ ...runs, seeds })),
    );
    return results.flat();
  }

  /** Ends everything: runs under way are asked to stop, and thrown out if they don't. */
  async stop(): Promise<void> {
    this.stopping = true;
    for (const signs of this.underWay) Atomics.store(signs, STOP, 1);
    const deadline = Date.now() + this.grace;
    while (this.underWay.size > 0 && Date.now() < deadline)
      await new Promise((resolve) => setTimeout(resolve, 20));
    await this.close();
  }

  async close(): Promise<void> {
    await this.piscina?.destroy();
  }

  /** The threads, which begin with the first run: who is refused before that has none to end. */
  private started(): Piscina<RunTask, RunResult[]> {
    this.piscina ??= new Piscina({
      filename: fileURLToPath(this.worker),
      name: 'runSeeds',
      maxThreads: this.threads,
      // A thread that has nothing to do for a moment stays: to start one costs more than many runs.
      idleTimeout: Number.POSITIVE_INFINITY,
    });
    return this.piscina;
  }

  /** Performs runs in one thread. If they bring it down, each gets a thread to itself, to tell which did. */
  async runTogether(runs: SeedRuns): Promise<RunResult[]> {
    if (this.stopping) return [];
    const signs = newSigns();
    this.underWay.add(signs);
    const watch = this.watch(signs);
    try {
      const results = await this.started().run({ ...runs, signs }, { signal: watch.signal });
      this.finished += results.length;
      return results;
    } catch (error) {
      if (this.stopping) return [];
      if (runs.seeds.length === 1) {
        this.finished++;
        const why = watch.signal.aborted
          ? this.hung()
          : `the worker thread ended: ${(error as Error).message}`;
        return [{ state: 'crashed', seed: runs.seeds[0]!, error: why, blame: 'momus', run: undefined }];
      }
    } finally {
      watch.end();
      this.underWay.delete(signs);
    }
    const alone: RunResult[] = [];
    for (const seed of runs.seeds) alone.push(...(await this.runTogether({ ...runs, seeds: [seed] })));
    return alone;
  }

  /** Aborts a task whose heart no longer beats; one that still waits for a thread has none yet. */
  private watch(signs: RunTask['signs']): { readonly signal: AbortSignal; end(): void } {
    const controller = new AbortController();
    let seen = 0;
    const timer = setInterval(() => {
      const beats = Atomics.load(signs, HEARTBEAT);
      if (beats > 0 && beats === seen) controller.abort();
      seen = beats;
    }, this.patience);
    return { signal: controller.signal, end: () => clearInterval(timer) };
  }

  private hung(): string {
    return `the run gave no sign of life for ${this.patience / 1000} s: is there an endless loop in a node program?`;
  }
}

function chunksOf<T>(items: readonly T[], size: number): T[][] {
  const chunks: T[][] = [];
  for (let i = 0; i < items.length; i += size) chunks.push(items.slice(i, i + size));
  return chunks;
}
