import type { History } from '../../histories/history.ts';
import type { Anomaly, Checker, CheckOptions, Verdict } from '../checker.ts';
import { intervalsOf } from './intervals.ts';
import { ChainChecker } from './register/check.ts';
import { encodeRegisters } from './register/encode.ts';

export interface LinearizableOptions {
  /** What the objects of the history are. A history without keys is one object. */
  readonly model?: 'register';
  /** The value that a register holds at first; `null` unless told otherwise. */
  readonly initial?: unknown;
}

/**
 * Linearizability (Herlihy and Wing 1990): every operation seems to take effect at one instant between its invocation
 * and its completion, and what clients saw is what the model then says.
 */
export function linearizable({ initial = null }: LinearizableOptions = {}): Checker {
  return {
    name: 'linearizable',
    about: 'Each operation took effect at one instant between its invocation and its completion.',
    check: (history, options) => checkRegisters(history, initial, options),
  };
}

function checkRegisters(history: History, initial: unknown, _options: CheckOptions): Verdict {
  const intervals = intervalsOf(history);
  const registers = encodeRegisters(intervals, initial);
  const checker = new ChainChecker(registers);
  const anomalies: Anomaly[] = [];
  let ambiguous = 0;
  for (const ops of registers.objects) {
    const result = checker.check(history, ops);
    if (result === 'ambiguous') ambiguous++;
    else if (result !== 'valid') anomalies.push(result);
  }
  anomalies.sort((a, b) => a.ops.length - b.ops.length);
  return {
    checker: 'linearizable',
    valid: anomalies.length > 0 ? false : ambiguous > 0 ? 'unknown' : true,
    anomalies,
    counts: { operations: intervals.call.length, objects: registers.objects.length },
    vacuous: [],
    ...(ambiguous > 0 ? { reason: `values of ${ambiguous} objects are written more than once` } : {}),
  };
}
