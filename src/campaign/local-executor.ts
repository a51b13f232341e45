import { counted } from '../report/counts.ts';
import type { Chunk, Executor, RunReport } from './chunk.ts';
import type { RunPool } from './run-pool.ts';
import { reportsOf } from './run-report.ts';

/** Chunks that wait while one is performed, for each thread: so that no thread ever waits for the next. */
const READY = 1;

/** Performs chunks on the worker threads of a pool. */
export function localExecutor(pool: RunPool): Executor {
  return {
    where: counted(pool.threads, 'core'),
    capacity: () => pool.threads * (1 + READY),
    perform: (chunk) => performChunk(chunk, pool),
    stop: () => pool.stop(),
    close: () => pool.close(),
  };
}

/** Performs a chunk on one thread. */
export async function performChunk(chunk: Chunk, pool: RunPool): Promise<readonly RunReport[]> {
  const { spec, seeds, untilInvalid, trial } = chunk;
  const runs = {
    spec,
    seeds,
    untilInvalid,
    store: '',
    keep: 'brought',
    coverage: trial !== undefined,
  } as const;
  return reportsOf(chunk, await pool.runTogether(runs));
}
