import type { Queue, QueueEvents, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import { UsageError } from '../../world/usage-error.ts';
import { build } from '../build.ts';
import type { Chunk, RunReport } from '../chunk.ts';

/** All keys of Momus in Redis begin with this. */
export const PREFIX = 'momus';

/** A worker renews the lock of a chunk twice in this time; one that doesn't is dead, and another takes the chunk (ms). */
const LOCK = 6_000;
/** How often workers look for chunks whose worker is dead (ms). */
const LOOK_FOR_DEAD = 3_000;
/** Workers that may die of one chunk before it is given up. */
const MOST_DEATHS = 5;
/** Results that nobody fetches are forgotten after so long (s). */
export const FORGET_AFTER = 3_600;

/** What comes back of a chunk through the queue; whole runs take another way, see `whole-runs.ts`. */
export type ChunkAnswer = readonly (Omit<RunReport, 'whole'> & { readonly hasWhole: boolean })[];

export type ChunkQueue = Queue<Chunk, ChunkAnswer>;

/** The queue at a Redis or Valkey server. */
export interface QueueServer {
  readonly redis: Redis;
  /** The end that asks. */
  readonly queue: ChunkQueue;
  /** Tells which chunks are over. */
  events(): Promise<QueueEvents>;
  /** The end that answers: performs up to `concurrency` chunks at once. */
  worker(perform: (chunk: Chunk) => Promise<ChunkAnswer>, concurrency: number): Promise<Worker>;
  close(): Promise<void>;
}

/**
 * Connects to the server. The queue is named by the build of Momus, so no worker ever gets a chunk of another build.
 * Throws a `UsageError` when nobody answers there, or when the packages for it are not installed.
 */
export async function connectQueue(url: string): Promise<QueueServer> {
  const { bullmq, ioredis } = await load();
  const redis = await connect(ioredis.Redis, url);
  const name = `chunks-${build()}`;
  const options = { connection: { url, maxRetriesPerRequest: null }, prefix: PREFIX };
  const queue: ChunkQueue = new bullmq.Queue(name, {
    ...options,
    defaultJobOptions: { removeOnComplete: { age: FORGET_AFTER }, removeOnFail: { age: FORGET_AFTER } },
  });
  // Connections come back by themselves; until then whoever waits for an answer waits.
  const opened: { on(event: 'error', take: () => void): unknown; close(): Promise<void> }[] = [queue];
  queue.on('error', () => {});
  return {
    redis,
    queue,
    async events() {
      const events = new bullmq.QueueEvents(name, options);
      events.on('error', () => {});
      opened.push(events);
      await events.waitUntilReady();
      return events;
    },
    async worker(perform, concurrency) {
      const worker = new bullmq.Worker<Chunk, ChunkAnswer>(name, ({ data }) => perform(data), {
        ...options,
        concurrency,
        lockDuration: LOCK,
        stalledInterval: LOOK_FOR_DEAD,
        maxStalledCount: MOST_DEATHS,
      });
      worker.on('error', () => {});
      await worker.waitUntilReady();
      return worker;
    },
    async close() {
      for (const end of opened) await end.close();
      redis.disconnect();
    },
  };
}

/** The address without its password. */
export function shownUrl(url: string): string {
  return url.replace(/\/\/[^@/]*@/, '//');
}

async function load() {
  try {
    const [bullmq, ioredis] = await Promise.all([import('bullmq'), import('ioredis')]);
    return { bullmq, ioredis };
  } catch (cause) {
    throw new UsageError('--queue needs two more packages: npm install bullmq@6.7.0 ioredis@6.0.0', {
      cause,
    });
  }
}

async function connect(RedisClient: typeof Redis, url: string): Promise<Redis> {
  if (!/^rediss?:\/\//.test(url))
    throw new UsageError(`--queue: "${shownUrl(url)}" is no address; write redis://host:6379`);
  let connected = false;
  const redis = new RedisClient(url, {
    lazyConnect: true,
    maxRetriesPerRequest: null,
    // At first a server that is not there is a mistake; later it is one that comes back.
    retryStrategy: (times) => (connected ? Math.min(times * 200, 2_000) : null),
  });
  let why = 'no answer';
  redis.on('error', (error: Error) => {
    why = error.message || String((error as NodeJS.ErrnoException).code);
  });
  try {
    await redis.connect();
    await redis.ping();
    connected = true;
    return redis;
  } catch (cause) {
    redis.disconnect();
    const said = why === 'no answer' ? (cause as Error).message : why;
    throw new UsageError(`--queue: can't reach Redis at ${shownUrl(url)}: ${said}; is the server running?`, {
      cause,
    });
  }
}
