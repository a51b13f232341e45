import type { Key } from '../../../histories/op.ts';
import type { Anomaly, Budget } from '../../checker.ts';
import { formatValue } from '../../describe.ts';
import type { SearchProblem } from './problem.ts';
import { Search, type SearchOutcome } from './search.ts';

/** A search to be made. The problem is built when its turn comes, so that memory stays flat in the number of objects. */
export interface SearchTask {
  readonly key: Key | undefined;
  problem(): SearchProblem;
  explain(problem: SearchProblem, outcome: SearchOutcome): Anomaly;
}

export interface Searched {
  readonly anomalies: readonly Anomaly[];
  /** Tasks that were not decided, because the budget ran out or something else was found first. */
  readonly undecided: number;
  readonly steps: number;
  /** Why some are undecided, if the budget is the reason. */
  readonly reason: string | undefined;
}

const FIRST_ROUND = 50_000;
const GROWTH = 8;

/**
 * Searches all objects with growing numbers of steps, so that a hard one doesn't keep the others waiting; stops after
 * the round that found a violation.
 */
export function searchAll(tasks: readonly SearchTask[], budget: Budget): Searched {
  const anomalies: Anomaly[] = [];
  let waiting = tasks;
  let tooLarge = 0;
  let steps = 0;
  let reason: string | undefined;
  for (
    let share = FIRST_ROUND;
    waiting.length > 0 && anomalies.length === 0 && steps < budget.steps;
    share *= GROWTH
  ) {
    const undecided: SearchTask[] = [];
    for (const task of waiting) {
      const problem = task.problem();
      const outcome = new Search(problem, {
        steps: Math.min(share, budget.steps - steps),
        bytes: budget.bytes,
      }).run();
      steps += outcome.steps;
      if (outcome.verdict === 'not-linearizable') anomalies.push(task.explain(problem, outcome));
      if (outcome.verdict === 'bytes') tooLarge++;
      if (outcome.verdict === 'steps') undecided.push(task);
      if (outcome.verdict === 'steps' || outcome.verdict === 'bytes')
        reason = reasonFor(task, outcome, budget);
    }
    waiting = undecided;
  }
  const undecided = waiting.length + tooLarge;
  return { anomalies, undecided, steps, reason: undecided === 0 ? undefined : reason };
}

function reasonFor({ key }: SearchTask, { verdict, reached, events }: SearchOutcome, budget: Budget): string {
  const limit = verdict === 'steps' ? `${budget.steps} steps` : `${budget.bytes} bytes of memory`;
  const object = key === undefined ? '' : ` for key ${formatValue(key)}`;
  return `${limit} were not enough${object}: the search explained ${reached} of ${events} events`;
}
