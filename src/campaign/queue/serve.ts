import { UsageError } from '../../world/usage-error.ts';
import { build } from '../build.ts';
import type { Chunk } from '../chunk.ts';
import { performChunk } from '../local-executor.ts';
import type { RunPool } from '../run-pool.ts';
import { announce, present } from './presence.ts';
import { type ChunkAnswer, connectQueue, shownUrl } from './redis.ts';
import { leaveWhole } from './whole-runs.ts';

/** How long chunks under way have to end by themselves when a worker is told to stop (ms). */
const GRACE = 10_000;

/** A worker at a queue. */
export interface Serving {
  /** Chunks that it has performed. */
  readonly chunks: number;
  /** Takes no more chunks, and ends once those under way are over. */
  stop(): Promise<void>;
}

/**
 * Takes chunks from a queue and performs them on the threads of a pool until told to stop. Throws a `UsageError` when the
 * campaigns at the queue are of another build only.
 */
export async function serveQueue(url: string, pool: RunPool): Promise<Serving> {
  const server = await connectQueue(url);
  const presence = await announce(server.redis, 'worker', { threads: pool.threads });
  const campaigns = await present(server.redis, 'campaign');
  if (campaigns.length > 0 && campaigns.every((other) => other.build !== build())) {
    const { build: theirs, campaign, id } = campaigns[0]!;
    // The announcement stays, so that the campaign can say whom it refused.
    await server.close();
    throw new UsageError(
      `refused: campaign ${campaign} of ${id} at ${shownUrl(url)} runs momus ${theirs}, this is ${build()}; ` +
        'install the same one on both machines',
    );
  }
  let chunks = 0;
  const worker = await server.worker(async (chunk: Chunk): Promise<ChunkAnswer> => {
    const reports = await performChunk(chunk, pool);
    if (reports.length === 0) throw new Error('this worker was stopped');
    for (const { line, whole } of reports)
      if (whole !== undefined) await leaveWhole(server.redis, line, whole);
    chunks++;
    return reports.map(({ line, took, whole }) => ({ line, took, hasWhole: whole !== undefined }));
  }, pool.threads);
  return {
    get chunks() {
      return chunks;
    },
    async stop() {
      const impatient = setTimeout(() => void pool.stop(), GRACE);
      await worker.close();
      clearTimeout(impatient);
      await presence.stop();
      await server.close();
    },
  };
}
