import type { Key } from '../../../histories/op.ts';
import type { Anomaly, Budget } from '../../checker.ts';
import { formatValue } from '../../describe.ts';
import type { SearchProblem } from './problem.ts';
import { Search, type SearchOutcome } from './search.ts';

/** An object to be searched. */
export interface SearchTask<P extends SearchProblem = SearchProblem> {
  readonly key: Key | undefined;
  /**
   * Independent problems, always the same; built when their turn comes, so that memory is flat in the number
   * of objects.
   */
  problems(): readonly P[];
  explain(problem: P, outcome: SearchOutcome): Anomaly;
}

export interface Searched {
  readonly anomalies: readonly Anomaly[];
  /** Objects that were not decided, because the budget ran out or something else was found first. */
  readonly undecided: number;
  readonly steps: number;
  /** Why some are undecided, if the budget is the reason. */
  readonly reason: string | undefined;
}

const FIRST_ROUND = 50_000;
const GROWTH = 8;

/** What is left to do for an object. */
interface Waiting {
  readonly task: SearchTask;
  /** Numbers of its problems that are undecided; undefined: all. */
  readonly problems: readonly number[] | undefined;
}

/**
 * Searches all objects with growing numbers of steps, so that a hard one doesn't keep the others waiting;
 * stops after the round that found a violation.
 */
export function searchAll(tasks: readonly SearchTask[], budget: Budget): Searched {
  const anomalies: Anomaly[] = [];
  let waiting: readonly Waiting[] = tasks.map((task) => ({ task, problems: undefined }));
  const givenUp = new Set<SearchTask>();
  let steps = 0;
  let reason: string | undefined;
  for (
    let share = FIRST_ROUND;
    waiting.length > 0 && anomalies.length === 0 && steps < budget.steps;
    share *= GROWTH
  ) {
    const undecided: Waiting[] = [];
    for (const { task, problems } of waiting) {
      const all = task.problems();
      const left: number[] = [];
      for (const n of problems ?? all.keys()) {
        const problem = all[n]!;
        const outcome = new Search(problem, {
          steps: Math.min(share, budget.steps - steps),
          bytes: budget.bytes,
        }).run();
        steps += outcome.steps;
        if (outcome.verdict === 'linearizable') continue;
        if (outcome.verdict === 'not-linearizable') anomalies.push(task.explain(problem, outcome));
        else reason = reasonFor(task, outcome, budget);
        if (outcome.verdict === 'steps') left.push(n);
        if (outcome.verdict === 'bytes') givenUp.add(task);
      }
      if (left.length > 0) undecided.push({ task, problems: left });
    }
    waiting = undecided;
  }
  for (const { task } of waiting) givenUp.add(task);
  return { anomalies, undecided: givenUp.size, steps, reason: givenUp.size === 0 ? undefined : reason };
}

function reasonFor({ key }: SearchTask, { verdict, reached, events }: SearchOutcome, budget: Budget): string {
  const limit = verdict === 'steps' ? `${budget.steps} steps` : `${budget.bytes} bytes of memory`;
  const object = key === undefined ? '' : ` for key ${formatValue(key)}`;
  return `${limit} were not enough${object}: the search explained ${reached} of ${events} events`;
}
