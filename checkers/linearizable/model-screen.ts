import type { Anomaly } from '../checker.ts';
import type { Intervals, ObjectRange } from './intervals.ts';
import type { AnyModel } from './model.ts';
import { queueModel, stackModel } from './models/containers.ts';
import { keyValueModel } from './models/key-value.ts';
import { growOnlySetModel, setModel } from './models/set.ts';
import { type Monitored, monitorQueue, monitorStack } from './monitors/containers.ts';
import { monitorSet } from './monitors/set.ts';
import { monitorKeyValue } from './register/key-value.ts';
import type { Screened } from './screened.ts';
import { explainSearch } from './search/explain.ts';
import { type ModelProblem, modelProblems } from './search/model-problem.ts';
import { queueProblem } from './search/queue-problem.ts';
import type { SearchTask } from './search/schedule.ts';

/** Monitors for models whose elements, when all different, are decided without a search. */
const MONITORS = new Map<AnyModel, (intervals: Intervals, object: ObjectRange) => Monitored>([
  [queueModel, monitorQueue],
  [stackModel, monitorStack],
  [setModel, monitorSet],
  [keyValueModel, monitorKeyValue],
]);

/** Broken objects that are told. */
const MAX_TOLD = 100;

/** Decides the objects of `model` that have a monitor. */
export function screenModel(intervals: Intervals, model: AnyModel): Screened {
  const monitor = MONITORS.get(model);
  const searched = model === setModel && intervals.history.fCode('remove') < 0 ? growOnlySetModel : model;
  const anomalies: Anomaly[] = [];
  const tasks: SearchTask<ModelProblem>[] = [];
  let untold = 0;
  for (const object of intervals.objects) {
    const result = monitor?.(intervals, object) ?? 'unsure';
    if (result === 'unsure') tasks.push(searchFor(intervals, searched, object));
    else if (result === 'valid') continue;
    else if (anomalies.length < MAX_TOLD) anomalies.push(result);
    else untold++;
  }
  return { anomalies, untold, tasks, vacuous: [] };
}

function searchFor(
  intervals: Intervals,
  model: AnyModel,
  { key, from, to }: ObjectRange,
): SearchTask<ModelProblem> {
  return {
    key,
    problems: () =>
      model === queueModel ? [queueProblem(intervals, from, to)] : modelProblems(model, intervals, from, to),
    explain: (problem, outcome) =>
      explainSearch(intervals.history, key, problem, outcome, (state) => problem.describe(state)),
  };
}
