import type { Verdict } from '../../checkers/checker.ts';
import { exhausted, hear, moreMemory } from '../campaign/thread-of-its-own.ts';
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
 * Reads and judges a history in a thread that may use as much memory as this process may. A checker for which that is not
 * enough answers `unknown`, and those after it get another thread. Throws what is wrong with the file or the flags.
 */
export async function judgeFile(task: Omit<CheckTask, 'from'>): Promise<JudgedFile> {
  const verdicts: Verdict[] = [];
  const proofs: (Proof | undefined)[] = [];
  for (;;) {
    const { told, outOfMemory } = await hear<CheckNews>(THREAD, { ...task, from: verdicts.length });
    const failed = told.find((news) => news.news === 'failed');
    if (failed !== undefined) throw failed.usage ? new UsageError(failed.message) : new Error(failed.message);
    const tooLarge = told.find((news) => news.news === 'too-large');
    if (tooLarge !== undefined) return { state: 'unread', reason: tooLarge.message };
    const read = told.find((news) => news.news === 'read');
    if (read === undefined) {
      const reason = `${task.file}: memory was used up before all of it was read; ${moreMemory()}`;
      return { state: 'unread', reason };
    }
    for (const news of told) {
      if (news.news !== 'judged') continue;
      verdicts.push(news.verdict);
      proofs.push(news.proof);
    }
    const { events, warnings, takenFor, checkers } = read;
    const atWork = checkers[verdicts.length];
    if (!outOfMemory || atWork === undefined)
      return { state: 'judged', events, warnings, takenFor, verdicts, proofs };
    verdicts.push(exhausted(atWork, events));
    proofs.push(undefined);
  }
}
