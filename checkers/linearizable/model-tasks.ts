import { formatValue } from '../describe.ts';
import type { Intervals, ObjectRange } from './intervals.ts';
import type { AnyModel } from './model.ts';
import { explainSearch } from './search/explain.ts';
import { type ModelProblem, modelProblems } from './search/model-problem.ts';
import type { SearchTask } from './search/schedule.ts';

/** Searches that decide an object: one for each independent part of it. */
export function modelTasks(
  intervals: Intervals,
  model: AnyModel,
  { key, from, to }: ObjectRange,
): SearchTask[] {
  return modelProblems(model, intervals, from, to).map((problem) => {
    const describe = (state: number) => describeState(model, problem, state);
    return {
      key: key ?? problem.part,
      problem: () => problem,
      explain: (_, outcome) => explainSearch(intervals.history, key, problem, outcome, describe),
    };
  });
}

function describeState(model: AnyModel, problem: ModelProblem, id: number): string {
  const state = problem.states.states[id];
  return model.describe?.(state) ?? formatValue(state);
}
