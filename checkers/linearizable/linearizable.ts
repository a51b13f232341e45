import type { History } from '../../histories/history.ts';
import { OK } from '../../histories/op.ts';
import type { Anomaly, Budget, Checker, Verdict } from '../checker.ts';
import { type Intervals, intervalsOf, type ObjectRange } from './intervals.ts';
import type { AnyModel } from './model.ts';
import { modelTasks } from './model-tasks.ts';
import { queueModel, stackModel } from './models/containers.ts';
import { type ModelName, namedModel } from './models/named.ts';
import { growOnlySetModel, setModel } from './models/set.ts';
import { type Monitored, monitorQueue, monitorStack } from './monitors/containers.ts';
import { monitorSet } from './monitors/set.ts';
import { ChainChecker } from './register/check.ts';
import { encodeRegisters } from './register/encode.ts';
import { registerTask } from './register/search.ts';
import { type SearchTask, searchAll } from './search/schedule.ts';

export interface LinearizableOptions {
  /** What each object of the history is, `register` unless told otherwise. A history without keys is one object. */
  readonly model?: ModelName | AnyModel;
  /** The value that a register holds at first, `null` unless told otherwise. */
  readonly initial?: unknown;
}

/** What a quick method made of the objects: violations, and those that it could not decide. */
interface Screened {
  readonly anomalies: readonly Anomaly[];
  readonly tasks: readonly SearchTask[];
}

/**
 * Linearizability (Herlihy and Wing 1990): every operation seems to take effect at one instant between its invocation
 * and its completion, and what clients saw is what the model then says. Objects are independent of each other.
 *
 * Registers whose values are written once are decided in linear time (Gibbons and Korach 1997); the rest is
 * searched, within the budget.
 */
export function linearizable({ model = 'register', initial = null }: LinearizableOptions = {}): Checker {
  const chosen = typeof model === 'string' ? namedModel(model, initial) : model;
  const name = chosen?.name ?? 'register';
  return {
    name: 'linearizable',
    about: `Each operation on a ${name} took effect at one instant between its invocation and its completion.`,
    check(history, { budget }) {
      const intervals = intervalsOf(history);
      const screened =
        chosen === undefined ? screenRegisters(history, intervals, initial) : screenModel(intervals, chosen);
      return conclude(intervals, screened, budget);
    },
  };
}

function screenRegisters(history: History, intervals: Intervals, initial: unknown): Screened {
  const registers = encodeRegisters(intervals, initial);
  const checker = new ChainChecker(registers);
  const anomalies: Anomaly[] = [];
  const tasks: SearchTask[] = [];
  for (const ops of registers.objects) {
    const result = checker.check(history, ops);
    if (result === 'ambiguous') tasks.push(registerTask(history, ops, registers.values));
    else if (result !== 'valid') anomalies.push(result);
  }
  return { anomalies, tasks };
}

/** Monitors for models whose elements, when all different, are decided without a search. */
const MONITORS = new Map<AnyModel, (intervals: Intervals, object: ObjectRange) => Monitored>([
  [queueModel, monitorQueue],
  [stackModel, monitorStack],
  [setModel, monitorSet],
]);

function screenModel(intervals: Intervals, model: AnyModel): Screened {
  const monitor = MONITORS.get(model);
  const searched = model === setModel && intervals.history.fCode('remove') < 0 ? growOnlySetModel : model;
  const anomalies: Anomaly[] = [];
  const tasks: SearchTask[] = [];
  for (const object of intervals.objects) {
    const result = monitor?.(intervals, object) ?? 'unsure';
    if (result === 'unsure') tasks.push(...modelTasks(intervals, searched, object));
    else if (result !== 'valid') anomalies.push(result);
  }
  return { anomalies, tasks };
}

function conclude(intervals: Intervals, { anomalies: found, tasks }: Screened, budget: Budget): Verdict {
  const searched = searchAll(found.length > 0 ? [] : tasks, budget);
  const anomalies = [...found, ...searched.anomalies].sort((a, b) => a.ops.length - b.ops.length);
  const undecided = found.length > 0 ? tasks.length : searched.undecided;
  return {
    checker: 'linearizable',
    valid: anomalies.length > 0 ? false : undecided > 0 ? 'unknown' : true,
    anomalies,
    counts: {
      operations: intervals.call.length,
      objects: intervals.objects.length,
      searched: tasks.length,
      steps: searched.steps,
      undecided,
    },
    vacuous: vacuity(intervals),
    ...(anomalies.length === 0 && searched.reason !== undefined ? { reason: searched.reason } : {}),
  };
}

function vacuity({ outcome }: Intervals): string[] {
  if (outcome.length === 0) return ['there are no operations'];
  return outcome.includes(OK) ? [] : ['no operation ever succeeded'];
}
