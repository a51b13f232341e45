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

/** Broken registers that are told. A system that breaks all of a million keys is found out by fewer. */
const MAX_TOLD = 100;

/** Decides the registers whose values are written once. */
export function screenRegisters(intervals: Intervals, initial: unknown): Screened {
  const { history } = intervals;
  const registers = encodeRegisters(intervals, initial);
  const { values } = registers;
  const checker = new ChainChecker(values.length, registers.largest);
  const anomalies: Anomaly[] = [];
  const tasks: SearchTask[] = [];
  /** Which register each key that may be broken is. */
  const suspects = new Map<Anomaly['key'], number>();
  let sawValue = false;
  let untold = 0;
  for (let n = 0; n < registers.count; n++) {
    const ops = registers.at(n);
    sawValue ||= readsAWrittenValue(ops);
    const result = anomalies.length < MAX_TOLD ? checker.check(history, ops, values) : checker.decide(ops);
    if (result === 'valid') continue;
    suspects.set(ops.key, n);
    if (result === 'ambiguous') tasks.push(registerTask(history, registers, n));
    else if (result === 'invalid') untold++;
    else anomalies.push(result);
  }
  const staleness = (found: readonly Anomaly[]): Staleness[] =>
    found
      .slice(0, MAX_STALENESS)
      .map(({ key }) => stalenessOf(history, registers.at(suspects.get(key)!), values.length));
  return {
    anomalies,
    untold,
    tasks,
    vacuous: sawValue ? [] : ['no read ever saw a written value'],
    details: (found) => ({ staleness: staleness(found) }),
  };
}

function readsAWrittenValue({ kind, value, ret }: RegisterOperations): boolean {
  for (let i = 0; i < kind.length; i++) {
    if (kind[i] === READ && value[i] !== INITIAL && ret[i] !== NEVER) return true;
  }
  return false;
}
