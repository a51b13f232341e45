import { OK } from '../../histories/op.ts';
import type { Budget, Checker, Verdict } from '../checker.ts';
import { Rechecking } from '../online.ts';
import { type Intervals, intervalsOf } from './intervals.ts';
import type { AnyModel } from './model.ts';
import { screenModel } from './model-screen.ts';
import { type ModelName, namedModel } from './models/named.ts';
import { screenRegisters } from './register/screen.ts';
import type { Screened } from './screened.ts';
import { searchAll } from './search/schedule.ts';

export interface LinearizableOptions {
  /**
   * What each object of the history is, `register` unless told otherwise. A history without keys is one
   * object.
   */
  readonly model?: ModelName | AnyModel;
  /** The value that a register holds at first, `null` unless told otherwise. */
  readonly initial?: unknown;
}

/**
 * Linearizability (Herlihy and Wing 1990): every operation seems to take effect at one instant between its
 * invocation and its completion, and what clients saw is what the model then says. Objects are independent of
 * each other.
 *
 * Registers, queues, stacks and sets whose values are written once are decided in about linear time; the rest
 * is searched, within the budget. For broken registers, `details.staleness` says how stale they were.
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
        chosen === undefined ? screenRegisters(intervals, initial) : screenModel(intervals, chosen);
      return conclude(intervals, screened, budget);
    },
    online() {
      return new Rechecking(this, 'key');
    },
  };
}

function conclude(intervals: Intervals, screened: Screened, budget: Budget): Verdict {
  const { tasks } = screened;
  // Where something is wrong already, there is no need to search for more.
  const decided = screened.anomalies.length > 0;
  const searched = searchAll(decided ? [] : tasks, budget);
  const anomalies = [...screened.anomalies, ...searched.anomalies].sort(
    (a, b) => a.ops.length - b.ops.length,
  );
  const undecided = decided ? tasks.length : searched.undecided;
  return {
    checker: 'linearizable',
    valid: anomalies.length > 0 ? false : undecided > 0 ? 'unknown' : true,
    anomalies,
    counts: {
      operations: intervals.call.length,
      objects: intervals.objects.length,
      broken: anomalies.length + screened.untold,
      searched: tasks.length,
      steps: searched.steps,
      undecided,
    },
    vacuous: [...vacuity(intervals), ...screened.vacuous],
    ...(anomalies.length === 0 && searched.reason !== undefined ? { reason: searched.reason } : {}),
    ...(anomalies.length > 0 && screened.details !== undefined
      ? { details: screened.details(anomalies) }
      : {}),
  };
}

function vacuity({ outcome }: Intervals): string[] {
  if (outcome.length === 0) return ['there are no operations'];
  return outcome.includes(OK) ? [] : ['no operation ever succeeded'];
}
