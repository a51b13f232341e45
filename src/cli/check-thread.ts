import { parentPort, workerData } from 'node:worker_threads';
import { runChecker } from '../../checkers/compose.ts';
import { vacuity } from '../../checkers/vacuity.ts';
import { HistoryTooLarge } from '../../histories/history-file-error.ts';
import { readHistory } from '../../histories/read.ts';
import { describeError, isUsage } from '../campaign/describe-error.ts';
import { proofsOf } from '../report/proof.ts';
import type { CheckNews, CheckTask } from './check-task.ts';
import { choice } from './chosen-checkers.ts';

// Reads and judges a history in a thread of its own, so that it can run out of memory without ending the process.

try {
  await judgeFile(workerData as CheckTask);
} catch (error) {
  if (error instanceof HistoryTooLarge) tell({ news: 'too-large', message: error.message });
  else tell({ news: 'failed', message: describeError(error), usage: isUsage(error) });
}

async function judgeFile({ file, format, flags, budget, from }: CheckTask): Promise<void> {
  const { history, warnings } = await readHistory(file, { format });
  const { checkers, takenFor } = choice(flags)(history, file);
  const all = [...checkers, vacuity()];
  tell({
    news: 'read',
    events: history.length,
    warnings: warnings.map(({ message }) => message),
    takenFor,
    checkers: all.map(({ name }) => name),
  });
  for (const checker of all.slice(from)) {
    const verdict = runChecker(checker, history, { budget });
    tell({ news: 'judged', verdict, proof: proofsOf([verdict], history)[0] });
  }
}

function tell(news: CheckNews): void {
  parentPort!.postMessage(news);
}
