import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import { counted } from '../report/counts.ts';
import {
  type CrashedRun,
  HEARTBEAT,
  JUDGING,
  newSigns,
  RUNS_DONE,
  type RunResult,
  type RunTask,
  type SeedRuns,
  STOP,
} from './run-task.ts';
import { moreMemory } from './thread-of-its-own.ts';

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

  /**
   * Performs runs in one thread. If they bring it down, each gets a thread to itself, to tell which did; and if that was not
   * the run but its checkers, they get another.
   */
  async runTogether(runs: SeedRuns, apart = false): Promise<RunResult[]> {
    if (this.stopping) return [];
    const signs = newSigns();
    this.underWay.add(signs);
    const watch = this.watch(signs);
    try {
      const results = await this.started().run({ ...runs, apart, signs }, { signal: watch.signal });
      this.finished += results.length;
      return results;
    } catch (error) {
      if (this.stopping) return [];
      if (runs.seeds.length === 1) {
        const wasJudging = Atomics.load(signs, JUDGING) !== 0;
        if (wasJudging && !apart) return this.runTogether(runs, true);
        this.finished++;
        const died = watch.signal.aborted
          ? this.hung()
          : diedOf(error as NodeJS.ErrnoException, { ...runs, signs });
        return [{ state: 'crashed', seed: runs.seeds[0]!, ...died, run: undefined }];
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

  private hung(): Pick<CrashedRun, 'error' | 'blame'> {
    const patience = `${this.patience / 1000} s`;
    const error = `the run gave no sign of life for ${patience}: is there an endless loop in a node program?`;
    return { error, blame: 'momus' };
  }
}

/** What a thread died of that performed one run. */
function diedOf(
  { code, message }: NodeJS.ErrnoException,
  { spec, signs }: Pick<RunTask, 'spec' | 'signs'>,
): Pick<CrashedRun, 'error' | 'blame'> {
  if (code !== 'ERR_WORKER_OUT_OF_MEMORY')
    return { error: `the worker thread ended: ${message}`, blame: 'momus' };
  // In the simulator the heart beats once when a run begins and then with every event.
  const after = spec.world === 'sim' ? ` after ${counted(Atomics.load(signs, HEARTBEAT) - 1, 'event')},` : '';
  const error = `memory was used up${after} before the run was over; ${moreMemory()}`;
  return { error, blame: 'machine' };
}

function chunksOf<T>(items: readonly T[], size: number): T[][] {
  const chunks: T[][] = [];
  for (let i = 0; i < items.length; i += size) chunks.push(items.slice(i, i + size));
  return chunks;
}
