import type { Anomaly } from '../../checker.ts';
import { type Intervals, NEVER } from '../intervals.ts';
import type { Screened } from '../screened.ts';
import type { SearchTask } from '../search/schedule.ts';
import { ChainChecker } from './check.ts';
import { encodeRegisters, INITIAL, READ, type RegisterOperations } from './encode.ts';
import { registerTask } from './search.ts';
import { type Staleness, stalenessOf } from './staleness.ts';

/** Broken registers whose staleness is worked out. */
const MAX_STALENESS = 3;

/** Decides the registers whose values are written once. */
export function screenRegisters(intervals: Intervals, initial: unknown): Screened {
  const { history } = intervals;
  const { objects, values } = encodeRegisters(intervals, initial);
  const largest = objects.reduce((most, { kind }) => Math.max(most, kind.length), 0);
  const checker = new ChainChecker(values.length, largest);
  const anomalies: Anomaly[] = [];
  const tasks: SearchTask[] = [];
  for (const ops of objects) {
    const result = checker.check(history, ops, values);
    if (result === 'ambiguous') tasks.push(registerTask(history, ops, values));
    else if (result !== 'valid') anomalies.push(result);
  }
  const staleness = (found: readonly Anomaly[]): Staleness[] => {
    const broken = found.slice(0, MAX_STALENESS).map(({ key }) => objects.find((ops) => ops.key === key)!);
    return broken.map((ops) => stalenessOf(history, ops, values.length));
  };
  return {
    anomalies,
    tasks,
    vacuous: vacuity(objects),
    details: (found) => ({ staleness: staleness(found) }),
  };
}

function vacuity(objects: readonly RegisterOperations[]): string[] {
  for (const { kind, value, ret } of objects) {
    for (let i = 0; i < kind.length; i++) {
      if (kind[i] === READ && value[i] !== INITIAL && ret[i] !== NEVER) return [];
    }
  }
  return ['no read ever saw a written value'];
}
