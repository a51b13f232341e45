import { randomUUID } from 'node:crypto';
import { counted } from '../../report/counts.ts';
import { build } from '../build.ts';
import type { Chunk, Executor, RunReport } from '../chunk.ts';
import { crashLine } from '../run-report.ts';
import { announce, type Presence, present } from './presence.ts';
import { type ChunkAnswer, connectQueue, type QueueServer } from './redis.ts';
import { fetchWhole, forgetWhole } from './whole-runs.ts';

/** How often it is asked who works there, and whether the news of a chunk went missing (ms). */
const LOOK_EVERY = 2_000;
/** Chunks under way for each thread that works there: one that is performed, and those that wait. */
const CHUNKS_A_THREAD = 3;
/** While nobody works there yet. */
const LEAST_CHUNKS = 4;

/** How a chunk ended. */
type End = { readonly answer: ChunkAnswer } | { readonly failed: string } | 'stopped';

/** A chunk at the queue. */
interface Waiting {
  readonly id: string;
  readonly end: (end: End) => void;
}

/** Has chunks performed by whatever workers there are at a queue. */
export async function queueExecutor(url: string, campaign: string): Promise<Executor> {
  const server = await connectQueue(url);
  const executor = new QueueExecutor(
    server,
    await announce(server.redis, 'campaign', { threads: 0, campaign }),
  );
  await executor.begin();
  return executor;
}

class QueueExecutor implements Executor {
  private readonly server: QueueServer;
  private readonly presence: { stop(): Promise<void> };
  private readonly waiting = new Map<string, Waiting>();
  private readonly name = randomUUID().slice(0, 8);
  private workers: Presence[] = [];
  private timer: NodeJS.Timeout | undefined;
  private asked = 0;
  private stopping = false;

  constructor(server: QueueServer, presence: { stop(): Promise<void> }) {
    this.server = server;
    this.presence = presence;
  }

  get where(): string {
    const ours = this.workers.filter((worker) => worker.build === build());
    const refused = this.workers.filter((worker) => worker.build !== build());
    const others = refused.map(
      ({ id, build: theirs }) => `${id} refused: it runs momus ${theirs}, this is ${build()}`,
    );
    const threads = counted(threadsOf(ours), 'core');
    const working = ours.length === 0 ? 'no worker yet' : `${threads} of ${counted(ours.length, 'worker')}`;
    return others.length === 0 ? working : `${working} (${others.join('; ')})`;
  }

  async begin(): Promise<void> {
    const events = await this.server.events();
    events.on('completed', ({ jobId, returnvalue }) =>
      this.end(jobId, {
        answer: (typeof returnvalue === 'string' ? JSON.parse(returnvalue) : returnvalue) as ChunkAnswer,
      }),
    );
    events.on('failed', ({ jobId, failedReason }) => this.end(jobId, { failed: failedReason }));
    this.workers = await present(this.server.redis, 'worker');
    this.timer = setInterval(() => void this.look().catch(() => {}), LOOK_EVERY);
  }

  capacity(): number {
    const ours = this.workers.filter((worker) => worker.build === build());
    return Math.max(LEAST_CHUNKS, threadsOf(ours) * CHUNKS_A_THREAD);
  }

  async perform(chunk: Chunk): Promise<readonly RunReport[]> {
    const end = await this.ask(chunk);
    if (end === 'stopped') return [];
    if ('answer' in end) {
      const reports = await this.fetch(end.answer);
      return reports ?? this.perform(chunk);
    }
    if (this.stopping) return [];
    const [seed, ...others] = chunk.seeds;
    if (others.length === 0) return [{ line: crashLine(chunk, seed!, end.failed), took: 0 }];
    // One of its runs brings workers down, or the worker was stopped: each gets a chunk of its own, to tell which.
    const alone: RunReport[] = [];
    for (const one of chunk.seeds) alone.push(...(await this.perform({ ...chunk, seeds: [one] })));
    return alone;
  }

  async stop(): Promise<void> {
    this.stopping = true;
    for (const { id } of [...this.waiting.values()]) {
      // One that a worker has begun can't be taken back; its answer will be forgotten.
      await this.server.queue.remove(id).catch(() => 0);
      this.end(id, 'stopped');
    }
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    await this.presence.stop();
    await this.server.close();
  }

  private ask(chunk: Chunk): Promise<End> {
    if (this.stopping) return Promise.resolve('stopped');
    const id = `${this.name}-${this.asked++}`;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { id, end: resolve });
      this.server.queue.add('chunk', chunk, { jobId: id }).catch(reject);
    });
  }

  private end(id: string, end: End): void {
    const waiting = this.waiting.get(id);
    if (waiting === undefined) return;
    this.waiting.delete(id);
    waiting.end(end);
    void this.server.queue.remove(id).catch(() => 0);
  }

  /** The reports of a chunk, whole runs with them; undefined when one has gone missing. */
  private async fetch(answer: ChunkAnswer): Promise<RunReport[] | undefined> {
    const reports: RunReport[] = [];
    for (const { line, took, hasWhole } of answer) {
      const whole = hasWhole ? await fetchWhole(this.server.redis, line) : undefined;
      if (hasWhole && whole === undefined) return undefined;
      reports.push({ line, took, whole });
    }
    for (const { line, hasWhole } of answer) if (hasWhole) await forgetWhole(this.server.redis, line);
    return reports;
  }

  /** Asks who works there, and for chunks of whose end no word came, as after a break in the connection. */
  private async look(): Promise<void> {
    this.workers = await present(this.server.redis, 'worker');
    for (const { id } of [...this.waiting.values()]) {
      const job = await this.server.queue.getJob(id);
      if (job?.finishedOn === undefined) continue;
      if (job.failedReason) this.end(id, { failed: job.failedReason });
      else this.end(id, { answer: job.returnvalue });
    }
  }
}

function threadsOf(workers: readonly Presence[]): number {
  return workers.reduce((sum, { threads }) => sum + threads, 0);
}
