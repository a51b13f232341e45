import { getHeapStatistics } from 'node:v8';
import { Worker } from 'node:worker_threads';
import type { Verdict } from '../../checkers/checker.ts';
import { counted } from '../report/counts.ts';

/** What a thread told, and whether it ended for lack of memory. */
export interface Heard<News> {
  readonly told: readonly News[];
  readonly outOfMemory: boolean;
}

/** Does something in a thread that may use as much memory as this process may, and can run out of it alone. */
export async function hear<News>(module: URL, task: unknown): Promise<Heard<News>> {
  const thread = new Worker(module, {
    workerData: task,
    resourceLimits: { maxOldGenerationSizeMb: megabytes() },
  });
  const told: News[] = [];
  thread.on('message', (news: News) => told.push(news));
  const outOfMemory = await new Promise<boolean>((resolve, reject) => {
    let isOut = false;
    thread.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ERR_WORKER_OUT_OF_MEMORY') isOut = true;
      else reject(error);
    });
    thread.on('exit', () => resolve(isOut));
  });
  return { told, outOfMemory };
}

/** The verdict of a checker that used up the memory. */
export function exhausted(checker: string, events: number): Verdict {
  const reason = `memory was used up while it judged the ${counted(events, 'event')}; ${moreMemory()}`;
  return { checker, valid: 'unknown', anomalies: [], counts: {}, vacuous: [], reason };
}

/** How to get on where memory was too small. */
export function moreMemory(): string {
  return `give node more than ${megabytes()} MB: NODE_OPTIONS=--max-old-space-size=${4 * megabytes()}`;
}

function megabytes(): number {
  return Math.floor(getHeapStatistics().heap_size_limit / 2 ** 20);
}
