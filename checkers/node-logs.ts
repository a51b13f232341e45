import type { History } from '../histories/history.ts';
import { healingOf, placeOf } from './final-reads.ts';
import type { Operation } from './operations.ts';

/** The last account that one node gave of all that it did. */
export interface LastLog {
  readonly node: string;
  /** The successful `log` operation, whose completion holds the account. */
  readonly read: Operation;
  /** Read when every other operation and every fault was over: what is not in it by then was never done. */
  readonly final: boolean;
}

/** The last successful `log` from each node, among operations that are all about one thing. */
export function lastLogs(history: History, ops: readonly Operation[]): LastLog[] {
  const healing = healingOf(history);
  let over = healing.faulty ? Number.POSITIVE_INFINITY : healing.index;
  const last = new Map<string, Operation>();
  for (const op of ops) {
    if (op.f !== 'log') over = Math.max(over, op.begin, history.pair[op.begin]!);
    else if (op.outcome === 'ok') last.set(placeOf(op), op);
  }
  return [...last].map(([node, read]) => ({ node, read, final: read.begin > over }));
}
