import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { Redis } from 'ioredis';
import type { RunLine, WholeRun } from '../chunk.ts';
import { FORGET_AFTER, PREFIX } from './redis.ts';

// Failing runs are large. In the answers of a queue they would stay in its log of events; here each is gone once fetched.

/** Leaves a whole run at the server. */
export async function leaveWhole(redis: Redis, line: RunLine, whole: WholeRun): Promise<void> {
  await redis.set(keyOf(line), await promisify(gzip)(JSON.stringify(whole)), 'EX', FORGET_AFTER);
}

/** Fetches a run that was left there; undefined when it has been forgotten. */
export async function fetchWhole(redis: Redis, line: RunLine): Promise<WholeRun | undefined> {
  const bytes = await redis.getBuffer(keyOf(line));
  return bytes === null ? undefined : JSON.parse((await promisify(gunzip)(bytes)).toString());
}

/** Forgets a run that has been written down. */
export async function forgetWhole(redis: Redis, line: RunLine): Promise<void> {
  await redis.del(keyOf(line));
}

function keyOf({ cell, seed, trial }: RunLine): string {
  return `${PREFIX}:whole:${cell}:${trial === undefined ? seed : `trial-${trial}`}`;
}
