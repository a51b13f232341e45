import type { History } from '../histories/history.ts';
import type { Key } from '../histories/op.ts';
import type { Checker, Verdict } from './checker.ts';
import { count, describeOp, formatValue, ofKey } from './describe.ts';
import { Findings } from './findings.ts';
import { type Operation, operationsByKey } from './operations.ts';
import { reportDuplicated, reportUnexpected } from './queue.ts';
import { QUEUE_FUNCTIONS, type QueueElement, queueElements, taken } from './queue-elements.ts';

export interface TotalQueueOptions {
  /** Whether an element may be delivered more than once. Default true, as in Jepsen: at-least-once delivery. */
  readonly duplicates?: boolean;
}

/**
 * What goes into a queue comes out (Jepsen's `total-queue`). Operations as for `queue`. The queue must be seen empty at the
 * end: by a `drain`, a `dequeue` that returned null, or one that failed with the error `empty`, which began after the last
 * enqueue had its answer.
 *
 * *lost*: an acknowledged element that never came out, though the queue was empty in the end; as a dequeue of unknown outcome
 * may have taken one, as many are forgiven as there were of these, and all when a drain's outcome is unknown. *unexpected* as
 * for `queue`; *duplicated* only if `duplicates` is false. Counts what was *recovered*: it came out though the outcome of its
 * enqueue was unknown.
 */
export function totalQueue(options: TotalQueueOptions = {}): Checker {
  const duplicates = options.duplicates ?? true;
  return {
    name: 'total-queue',
    about: 'every acknowledged element of a queue comes out, and nothing else does',
    check: (history) => checkTotalQueue(history, duplicates),
  };
}

function checkTotalQueue(history: History, duplicates: boolean): Verdict {
  const findings = new Findings(history);
  const counts = { attempted: 0, acknowledged: 0, ok: 0, recovered: 0, duplicates: 0 };
  const vacuous: string[] = [];
  for (const [key, ops] of operationsByKey(history, QUEUE_FUNCTIONS)) {
    const lost: Operation[] = [];
    for (const element of queueElements(history, ops).values()) {
      const { enqueues, dequeues } = element;
      const acknowledged = enqueues.filter((op) => op.outcome === 'ok');
      counts.attempted += enqueues.length;
      counts.acknowledged += acknowledged.length;
      counts.ok += Math.min(dequeues.length, enqueues.length);
      counts.recovered += recoveredOf(element, acknowledged.length);
      lost.push(...acknowledged.slice(dequeues.length));
      reportUnexpected(history, findings, key, element);
      if (!duplicates) reportDuplicated(history, findings, key, element);
      else if (enqueues.length > 0) counts.duplicates += Math.max(0, dequeues.length - enqueues.length);
    }
    const empty = seenEmpty(history, ops);
    if (empty === undefined)
      vacuous.push(`the queue${ofKey(key)} was never seen empty after the last enqueue`);
    else reportLost(history, findings, key, ops, lost, empty);
  }
  if (counts.attempted === 0) vacuous.push('nothing was ever enqueued');
  return findings.verdict('total-queue', { counts, vacuous });
}

function recoveredOf({ dequeues, enqueues }: QueueElement, acknowledged: number): number {
  return Math.max(0, Math.min(dequeues.length, enqueues.length) - acknowledged);
}

/** An operation that found or left the queue empty, and began after every enqueue had its answer. */
function seenEmpty(history: History, ops: readonly Operation[]): Operation | undefined {
  let lastEnqueue = -1;
  for (const op of ops) {
    if (op.f === 'enqueue') lastEnqueue = Math.max(lastEnqueue, op.begin, history.pair[op.begin]!);
  }
  return ops.findLast((op) => op.begin > lastEnqueue && foundEmpty(history, op));
}

function foundEmpty(history: History, op: Operation): boolean {
  if (op.f === 'drain') return op.outcome === 'ok';
  if (op.f !== 'dequeue') return false;
  if (op.outcome === 'ok') return taken(history, op).length === 0;
  return op.outcome === 'fail' && history.error(op.event) === 'empty';
}

function reportLost(
  history: History,
  findings: Findings,
  key: Key | undefined,
  ops: readonly Operation[],
  lost: readonly Operation[],
  empty: Operation,
): void {
  const unknown = ops.filter((op) => op.f !== 'enqueue' && op.outcome === 'info');
  if (unknown.some((op) => op.f === 'drain') || lost.length <= unknown.length) return;
  for (const enqueue of lost) {
    const say = () => {
      const forgiven =
        unknown.length === 0
          ? ''
          : ` (${count(unknown.length, 'dequeue')} of unknown outcome can't have taken all ${lost.length} such elements)`;
      return (
        `${describeOp(history, enqueue.event)} was acknowledged, but ${formatValue(enqueue.argument)} never came out, and ` +
        `${describeOp(history, empty.event)} left nothing behind${forgiven}.`
      );
    };
    findings.add('lost', [enqueue.event, empty.event], say, key);
  }
}
