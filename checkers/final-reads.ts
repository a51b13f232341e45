import type { History } from '../histories/history.ts';
import { INVOKE, type Nanos, NEMESIS } from '../histories/op.ts';
import type { Operation } from './operations.ts';

/** When the faults were over. */
export interface Healing {
  /** Index of the event that ended the last healing; -1 when there were no faults. */
  readonly index: number;
  /** undefined when there were no faults. */
  readonly time: Nanos | undefined;
  /** Faults were injected and not healed afterwards: nothing can be demanded of the system. */
  readonly faulty: boolean;
}

/**
 * Reads the nemesis's operations: `heal` undoes every fault, anything else may be one. What a world notices by itself,
 * its own lag for one, stands there too; but nobody invoked it.
 */
export function healingOf(history: History): Healing {
  const healCode = history.fCode('heal');
  let healed = -1;
  let lastFault = -1;
  for (let i = 0; i < history.length; i++) {
    if (history.process[i] !== NEMESIS) continue;
    const invoked = history.type[i] === INVOKE;
    if (history.f[i] !== healCode) lastFault = invoked ? i : lastFault;
    else if (!invoked) healed = i;
  }
  return {
    index: healed,
    time: healed < 0 ? undefined : history.time[healed],
    faulty: lastFault > healed,
  };
}

/** The final reads of one object. */
export interface FinalReads {
  /** Every successful read that began long enough after the healing and after the last update had its answer. */
  readonly all: readonly Operation[];
  /** How many came after all that, but not long enough after it. */
  readonly early: number;
  /** The last of them on each node. */
  readonly byNode: ReadonlyMap<string, Operation>;
  /** Index of the event after which reads are final. */
  readonly after: number;
}

/**
 * Of the operations on one object, in order of invocation; every operation but `read` counts as an update. Reads are final
 * that begin so long after the last of them.
 */
export function finalReadsOf(
  history: History,
  ops: readonly Operation[],
  healing: Healing,
  within: Nanos = 0,
): FinalReads {
  let after = healing.index;
  for (const op of ops) if (op.f !== 'read') after = Math.max(after, op.begin, history.pair[op.begin]!);
  const due = (after < 0 ? 0 : history.time[after]!) + within;
  const quiet = ops.filter((op) => op.f === 'read' && op.outcome === 'ok' && op.begin > after);
  const all = quiet.filter((op) => op.startTime >= due);
  const byNode = new Map(all.map((read) => [placeOf(read), read]));
  return { all, byNode, after, early: quiet.length - all.length };
}

/** The node that an operation ran on; where the history doesn't tell, each process counts as a node. */
export function placeOf(op: Operation): string {
  return op.node ?? `process ${op.process}`;
}
