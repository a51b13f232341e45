import { hostname } from 'node:os';
import type { Redis } from 'ioredis';
import { build } from '../build.ts';
import { PREFIX } from './redis.ts';

/** How often a process says that it is there, and after how long its word counts no more (ms). */
const SAY_EVERY = 2_000;
const VALID_FOR = 10_000;

/** A process at the queue. */
export interface Presence {
  /** `host:pid`. */
  readonly id: string;
  readonly build: string;
  /** Chunks that a worker performs at once; 0 for a campaign. */
  readonly threads: number;
  /** The name of a campaign. */
  readonly campaign?: string;
}

type Role = 'worker' | 'campaign';

/** Says again and again that this process is at the queue, until told to stop. */
export async function announce(
  redis: Redis,
  role: Role,
  about: Pick<Presence, 'threads' | 'campaign'>,
): Promise<{ stop(): Promise<void> }> {
  const presence: Presence = { ...about, id: `${hostname()}:${process.pid}`, build: build() };
  const key = `${PREFIX}:${role}:${presence.id}`;
  const say = () => redis.set(key, JSON.stringify(presence), 'PX', VALID_FOR);
  await say();
  const timer = setInterval(() => say().catch(() => {}), SAY_EVERY);
  // A process that has nothing else to do ends, and its word with it.
  timer.unref();
  return {
    async stop() {
      clearInterval(timer);
      await redis.del(key);
    },
  };
}

/** Who is at the queue, whatever build they have. */
export async function present(redis: Redis, role: Role): Promise<Presence[]> {
  const found: Presence[] = [];
  let cursor = '0';
  do {
    const [next, keys] = await redis.scan(cursor, 'MATCH', `${PREFIX}:${role}:*`, 'COUNT', 1_000);
    cursor = next;
    const texts = keys.length === 0 ? [] : await redis.mget(keys);
    for (const text of texts) if (text !== null) found.push(JSON.parse(text) as Presence);
  } while (cursor !== '0');
  return found.sort((a, b) => (a.id < b.id ? -1 : 1));
}
