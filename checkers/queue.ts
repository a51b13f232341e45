import type { History } from '../histories/history.ts';
import type { Key } from '../histories/op.ts';
import type { Checker, Verdict } from './checker.ts';
import { count, describeOp, formatValue } from './describe.ts';
import { Findings } from './findings.ts';
import { Rechecking } from './online.ts';
import { operationsByKey } from './operations.ts';
import { QUEUE_FUNCTIONS, type QueueElement, queueElements } from './queue-elements.ts';

/**
 * Whatever leaves a queue went into it (Jepsen's `queue` with an unordered queue). Operations: `enqueue` (value: the
 * element), `dequeue` (completion value: the element, null when there was none) and `drain` (completion value: the array of
 * all that was left); the key says which queue. Nothing is said of the order; `linearizable` does that.
 *
 * *unexpected*: an element that nobody enqueued, or only an enqueue that surely failed or began later; *duplicated*: an
 * element that was dequeued more often than it can have been enqueued.
 */
export function queue(): Checker {
  return {
    name: 'queue',
    about: 'every element that leaves a queue went into it, and no more often than it did',
    check: checkQueue,
    online() {
      return new Rechecking(this, 'key');
    },
  };
}

function checkQueue(history: History): Verdict {
  const findings = new Findings(history);
  const counts = { enqueued: 0, dequeued: 0 };
  for (const [key, ops] of operationsByKey(history, QUEUE_FUNCTIONS)) {
    for (const element of queueElements(history, ops).values()) {
      counts.enqueued += element.enqueues.length;
      counts.dequeued += element.dequeues.length;
      reportUnexpected(history, findings, key, element);
      reportDuplicated(history, findings, key, element);
    }
  }
  const vacuous = counts.dequeued === 0 ? ['nothing was ever dequeued'] : [];
  return findings.verdict('queue', { counts, vacuous });
}

/** Reports the first dequeue of an element that can't have been in the queue by then. */
export function reportUnexpected(
  history: History,
  findings: Findings,
  key: Key | undefined,
  { value, enqueues, failed, dequeues }: QueueElement,
): void {
  const first = enqueues[0];
  const early = dequeues.find((dequeue) => first === undefined || first.begin > dequeue.end);
  if (early === undefined) return;
  const rival = first ?? failed;
  const say = () => {
    const sight = `${describeOp(history, early.event)} took ${formatValue(value)}, `;
    if (rival === undefined) return `${sight}which nobody enqueued.`;
    const why = first === undefined ? 'surely had no effect' : 'began only later';
    return `${sight}though ${describeOp(history, rival.event)} ${why}.`;
  };
  findings.add('unexpected', rival === undefined ? [early.event] : [rival.event, early.event], say, key);
}

/** Reports an element that was dequeued more often than enqueued. */
export function reportDuplicated(
  history: History,
  findings: Findings,
  key: Key | undefined,
  { value, enqueues, dequeues }: QueueElement,
): void {
  // What nobody enqueued at all is unexpected, however often it is dequeued.
  if (enqueues.length === 0 || dequeues.length <= enqueues.length) return;
  const taken = dequeues.slice(0, enqueues.length + 1);
  const say = () => {
    const times = enqueues.length === 1 ? 'once' : `${enqueues.length} times`;
    const by = taken.map((dequeue) => describeOp(history, dequeue.event)).join('; ');
    return `${formatValue(value)} was enqueued ${times} at most, but left the queue in ${count(dequeues.length, 'dequeue')}: ${by}.`;
  };
  findings.add(
    'duplicated',
    [...enqueues, ...taken].map((op) => op.event),
    say,
    key,
  );
}
