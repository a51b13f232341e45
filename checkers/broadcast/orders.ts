import { describeOp, formatValue } from '../describe.ts';
import { placeOf } from '../final-reads.ts';
import type { AnomalyName } from '../glossary/anomalies.ts';
import { groupBy, type Operation } from '../operations.ts';
import { type Message, type NodeLog, type Run, seeLogs } from './logs.ts';
import type { Report } from './report.ts';

/**
 * *fifo-order*: a node delivered a message without having delivered before what its sender had broadcast before it. The
 * sender's log tells the order; where there is none, of two broadcasts on one node the one that was acknowledged before
 * the other was asked for came first.
 *
 * It is enough to look at the message just before: if that was delivered in time at every node, so were all before it.
 */
export function checkFifo(run: Run, report: Report): void {
  const { history, logs } = run;
  for (const log of logs) {
    for (const { message, previous } of log.sent) {
      if (previous === undefined) continue;
      const say = () =>
        `${log.node} broadcast ${formatValue(previous.value)} before ${formatValue(message.value)}`;
      checkPrecedence(run, 'fifo-order', { first: previous, second: message, proof: log, say }, report);
    }
  }
  for (const [first, second] of requestsInTurn(run)) {
    const say = () => `${describeOp(history, first.event)} came before ${describeOp(history, second.event)}`;
    const pair = { first: run.messageOf(first.argument), second: run.messageOf(second.argument) };
    checkPrecedence(run, 'fifo-order', { ...pair, proof: [first, second], say }, report);
  }
}

/**
 * *causal-order*: a node delivered a message without having delivered before what its sender had delivered before it
 * broadcast the message. Together with FIFO order this is causal order: both hold for what immediately happened before
 * a message at its sender, and so for all that happened before.
 */
export function checkCausal(run: Run, report: Report): void {
  for (const log of run.logs) {
    for (const { message, delivered } of log.sent) {
      for (const first of delivered) {
        if (first === message) continue;
        const say = () =>
          `${log.node} delivered ${formatValue(first.value)} and then broadcast ${formatValue(message.value)}`;
        checkPrecedence(run, 'causal-order', { first, second: message, proof: log, say }, report);
      }
    }
  }
}

interface Precedence {
  readonly first: Message;
  readonly second: Message;
  /** The log that shows it, or two operations. */
  readonly proof: NodeLog | readonly Operation[];
  readonly say: () => string;
}

/** Every node that delivered `second` must have delivered `first` before. */
function checkPrecedence(
  { history, logs }: Run,
  kind: AnomalyName,
  { first, second, proof, say }: Precedence,
  report: Report,
): void {
  const source = 'read' in proof ? proof : undefined;
  const events = 'read' in proof ? [proof.read] : proof;
  for (const log of logs) {
    const { node, read, deliveredAt } = log;
    const at = deliveredAt.get(second);
    if (at === undefined || (deliveredAt.get(first) ?? Number.POSITIVE_INFINITY) < at) continue;
    report(kind, [...events, read], () => {
      const fault = deliveredAt.has(first)
        ? 'delivered them the other way round'
        : 'delivered the second without the first';
      const where = seeLogs(history, ...(source === undefined ? [log] : [source, log]));
      return `${say()}, but ${node} ${fault}: ${where}.`;
    });
  }
}

/**
 * Of the acknowledged broadcasts on each node that gave no log: which one surely came before which. Pairs that follow
 * from others are left out.
 */
function* requestsInTurn({ requests, logs }: Run): Generator<readonly [Operation, Operation]> {
  const known = new Set(logs.map(({ node }) => node));
  const unknown = requests.filter((op) => !known.has(placeOf(op)));
  for (const own of groupBy(unknown, placeOf).values()) {
    const byEnd = own.filter((op) => op.outcome === 'ok').sort((a, b) => a.end - b.end);
    let done = 0;
    let latestBegin = -1;
    let before: Operation[] = [];
    for (const second of own) {
      for (; byEnd[done] !== undefined && byEnd[done]!.end < second.begin; done++) {
        before.push(byEnd[done]!);
        latestBegin = Math.max(latestBegin, byEnd[done]!.begin);
      }
      // Whatever ended before another of these began comes before that one already.
      before = before.filter((op) => op.end > latestBegin);
      for (const first of before) yield [first, second];
    }
  }
}

/** *total-order*: two nodes delivered two messages in different orders. At most one is told for every two nodes. */
export function checkTotal({ history, logs }: Run, report: Report): void {
  logs.forEach((a, i) => {
    for (const b of logs.slice(i + 1)) {
      const swapped = firstSwap(a, b);
      if (swapped === undefined) continue;
      const [first, then] = swapped.map(({ value }) => formatValue(value));
      report(
        'total-order',
        [a.read, b.read],
        () =>
          `${a.node} delivered ${first} before ${then}, but ${b.node} delivered ${then} before ${first}: ` +
          `${seeLogs(history, a, b)}.`,
      );
    }
  });
}

/** The first two messages that both delivered, one right after the other at `a`, and in the other order at `b`. */
function firstSwap(a: NodeLog, b: NodeLog): [Message, Message] | undefined {
  let last: { readonly message: Message; readonly at: number } | undefined;
  for (const message of a.deliveredAt.keys()) {
    const at = b.deliveredAt.get(message);
    if (at === undefined) continue;
    if (last !== undefined && at < last.at) return [last.message, message];
    last = { message, at };
  }
  return undefined;
}
