import { getHeapStatistics } from 'node:v8';
import { Worker } from 'node:worker_threads';
import type { Verdict } from '../../checkers/checker.ts';
import type { Proof } from '../report/proof.ts';
import { UsageError } from '../world/usage-error.ts';
import type { CheckNews, CheckTask } from './check-task.ts';

const FROM_SOURCE = import.meta.url.endsWith('.ts');
const THREAD = new URL(FROM_SOURCE ? './check-from-source.mjs' : './check-thread.js', import.meta.url);

/** What became of a history file. */
export type JudgedFile =
  | { readonly state: 'unread'; readonly reason: string }
  | {
      readonly state: 'judged';
      readonly events: number;
      readonly warnings: readonly string[];
      readonly takenFor: string | undefined;
      readonly verdicts: readonly Verdict[];
      readonly proofs: readonly (Proof | undefined)[];
    };

/**
 * Reads and judges a history in a thread that may use as much memory as this process may. Checkers for which that is not
 * enough, and those that would have come after, answer `unknown`. Throws what is wrong with the file or the flags.
 */
export async function judgeFile(task: CheckTask): Promise<JudgedFile> {
  const megabytes = Math.floor(getHeapStatistics().heap_size_limit / 2 ** 20);
  const thread = new Worker(THREAD, {
    workerData: task,
    resourceLimits: { maxOldGenerationSizeMb: megabytes },
  });
  const told: CheckNews[] = [];
  thread.on('message', (news: CheckNews) => told.push(news));
  const outOfMemory = await ended(thread);
  const failed = told.find((news) => news.news === 'failed');
  if (failed !== undefined) throw failed.usage ? new UsageError(failed.message) : new Error(failed.message);
  const tooLarge = told.find((news) => news.news === 'too-large');
  if (tooLarge !== undefined) return { state: 'unread', reason: tooLarge.message };
  const read = told.find((news) => news.news === 'read');
  const more = `give node more than ${megabytes} MB: NODE_OPTIONS=--max-old-space-size=${4 * megabytes}`;
  if (read === undefined)
    return { state: 'unread', reason: `${task.file}: memory was used up before all of it was read; ${more}` };
  const judged = told.filter((news) => news.news === 'judged');
  const verdicts = judged.map(({ verdict }) => verdict);
  const proofs = judged.map(({ proof }) => proof);
  if (outOfMemory) {
    const [atWork, ...waiting] = read.checkers.slice(verdicts.length);
    if (atWork !== undefined)
      verdicts.push(unknown(atWork, `memory was used up while it judged the ${read.events} events; ${more}`));
    for (const checker of waiting) verdicts.push(unknown(checker, 'memory was used up before its turn came'));
  }
  const { events, warnings, takenFor } = read;
  return { state: 'judged', events, warnings, takenFor, verdicts, proofs };
}

/** Waits for the end of the thread: whether it was for lack of memory. */
function ended(thread: Worker): Promise<boolean> {
  return new Promise((resolve, reject) => {
    let outOfMemory = false;
    thread.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ERR_WORKER_OUT_OF_MEMORY') outOfMemory = true;
      else reject(error);
    });
    thread.on('exit', () => resolve(outOfMemory));
  });
}

function unknown(checker: string, reason: string): Verdict {
  return { checker, valid: 'unknown', anomalies: [], counts: {}, vacuous: [], reason };
}
