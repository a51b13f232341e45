import type { History } from '../../histories/history.ts';
import { formatValue } from '../describe.ts';
import type { Intervals } from './intervals.ts';
import type { AnyModel } from './model.ts';
import { explainSearch } from './search/explain.ts';
import { type ModelProblem, modelProblems } from './search/model-problem.ts';
import type { SearchTask } from './search/schedule.ts';

/** A search for each object of the history, and for each independent part of it. */
export function modelTasks(history: History, intervals: Intervals, model: AnyModel): SearchTask[] {
  return intervals.objects.flatMap(({ key, from, to }) =>
    modelProblems(model, intervals, from, to).map((problem): SearchTask => {
      const describe = (state: number) => describeState(model, problem, state);
      return {
        key: key ?? problem.part,
        problem: () => problem,
        explain: (_, outcome) => explainSearch(history, key, problem, outcome, describe),
      };
    }),
  );
}

function describeState(model: AnyModel, problem: ModelProblem, id: number): string {
  const state = problem.states.states[id];
  return model.describe?.(state) ?? formatValue(state);
}
