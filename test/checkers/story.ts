import { type Checker, DEFAULT_BUDGET, type Verdict } from '../../checkers/checker.ts';
import { historyOf } from '../../histories/builder.ts';
import type { History } from '../../histories/history.ts';
import type { Key, OpEvent } from '../../histories/op.ts';

const MS = 1_000_000;

/** One operation of a history told as a story. Times in milliseconds. */
export interface Told {
  readonly process: number | 'nemesis';
  readonly f: string;
  readonly argument?: unknown;
  /** Value of the completion; the argument by default. */
  readonly result?: unknown;
  readonly outcome?: 'ok' | 'fail' | 'info' | 'none';
  readonly key?: Key;
  readonly node?: string;
  /** The node that answered, where it is another than the one that was asked. */
  readonly answeredBy?: string;
  /** Why it did not succeed. */
  readonly error?: string;
  /** By default each operation follows the one before. */
  readonly from?: number;
  readonly to?: number;
}

/** The history of these operations. Operation `i` takes from `10 i` to `10 i + 5` ms unless it says otherwise. */
export function tell(...operations: readonly Told[]): History {
  const events: OpEvent[] = [];
  operations.forEach((op, i) => {
    const from = op.from ?? 10 * i;
    const to = op.to ?? from + 5;
    const outcome = op.outcome ?? (op.process === 'nemesis' ? 'info' : 'ok');
    const common = {
      process: op.process,
      f: op.f,
      ...(op.key === undefined ? {} : { key: op.key }),
      ...(op.node === undefined ? {} : { node: op.node }),
    };
    const argument = op.argument ?? null;
    events.push({ ...common, time: from * MS, type: 'invoke', value: argument });
    if (outcome === 'none') return;
    const value = outcome === 'ok' ? (op.result === undefined ? argument : op.result) : argument;
    const error = op.error === undefined ? {} : { error: op.error };
    const by = op.answeredBy === undefined ? {} : { node: op.answeredBy };
    events.push({ ...common, ...by, time: to * MS, type: outcome, value, ...error });
  });
  // At one instant completions come first: operations that touch don't overlap.
  const rank = (event: OpEvent): number => (event.type === 'invoke' ? 1 : 0);
  return historyOf(events.sort((a, b) => a.time - b.time || rank(a) - rank(b)));
}

export function check(checker: Checker, history: History): Verdict {
  return checker.check(history, { budget: DEFAULT_BUDGET });
}

/** The operations that each anomaly blames, as `kind: process f, process f`. */
export function blamed(history: History, verdict: Verdict): string[] {
  return verdict.anomalies.map((anomaly) => {
    const ops = anomaly.ops.map((i) => {
      const op = history.op(i);
      return `${op.process} ${op.f}`;
    });
    return `${anomaly.kind}: ${ops.join(', ')}`;
  });
}
