import type { Verdict } from '../../checkers/checker.ts';
import type { Columns, History } from '../../histories/history.ts';
import type { Outcome } from '../spec/outcome.ts';
import type { ResolvedSpec } from '../spec/resolve.ts';
import type { TestSpec } from '../spec/test-spec.ts';
import { checkersOf, outcomeOf, type Performed, performSpec, type RunListeners } from './run-spec.ts';
import { exhausted, hear } from './thread-of-its-own.ts';

const FROM_SOURCE = import.meta.url.endsWith('.ts');
const THREAD = new URL(FROM_SOURCE ? './judge-from-source.mjs' : './judge-thread.js', import.meta.url);

/** A run for a thread to judge. Plain data. */
export interface JudgeTask {
  readonly spec: TestSpec;
  readonly columns: Columns;
  /** How many of the checkers have been at work already. */
  readonly from: number;
}

/**
 * Judges a run as `judge` does, in a thread of its own: a checker that uses up the memory answers `unknown`, and those after
 * it get another thread.
 */
export async function judgeApart(resolved: ResolvedSpec, performed: Performed): Promise<Outcome> {
  const { spec } = resolved;
  const { columns, length } = performed.history;
  const checkers = checkersOf(resolved);
  const verdicts: Verdict[] = [];
  while (verdicts.length < checkers.length) {
    const task: JudgeTask = { spec, columns, from: verdicts.length };
    const { told, outOfMemory } = await hear<Verdict>(THREAD, task);
    verdicts.push(...told);
    const atWork = checkers[verdicts.length];
    if (outOfMemory && atWork !== undefined) verdicts.push(exhausted(atWork.name, length));
  }
  return outcomeOf(resolved, performed, verdicts);
}

/** `runSpec`, whose checkers can't take the process down with them. */
export async function runJudgedApart(
  resolved: ResolvedSpec,
  listeners: RunListeners = {},
): Promise<{ readonly outcome: Outcome; readonly history: History }> {
  const performed = await performSpec(resolved, listeners);
  return { outcome: await judgeApart(resolved, performed), history: performed.history };
}
