import type { History } from '../histories/history.ts';
import type { Nanos } from '../histories/op.ts';
import { healingOf, placeOf } from './final-reads.ts';
import type { Operation } from './operations.ts';

/** The last account that one node gave of all that it did. */
export interface LastLog {
  readonly node: string;
  /** The successful `log` operation, whose completion holds the account. */
  readonly read: Operation;
  /** Read when every other operation and every fault had been over for long enough: what is not in it was never done. */
  readonly final: boolean;
  /** Read when all was over, but not for long enough. */
  readonly early: boolean;
}

/** The last successful `log` from each node, among operations that are all about one thing; final ones come `within` after the rest. */
export function lastLogs(history: History, ops: readonly Operation[], within: Nanos = 0): LastLog[] {
  const healing = healingOf(history);
  let over = healing.faulty ? Number.POSITIVE_INFINITY : healing.index;
  const last = new Map<string, Operation>();
  for (const op of ops) {
    if (op.f !== 'log') over = Math.max(over, op.begin, history.pair[op.begin]!);
    else if (op.outcome === 'ok') last.set(placeOf(op), op);
  }
  const due = (Number.isFinite(over) && over >= 0 ? history.time[over]! : 0) + within;
  return [...last].map(([node, read]) => {
    const late = read.startTime >= due;
    return { node, read, final: read.begin > over && late, early: read.begin > over && !late };
  });
}
