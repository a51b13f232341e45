import type { History } from '../../histories/history.ts';
import { describeOp, formatValue, list } from '../describe.ts';
import type { Findings } from '../findings.ts';
import { identity } from '../identity.ts';
import type { LogOperation, Message, Partition } from './partitions.ts';

/** *inconsistent-offsets*: one offset holds two values. */
export function reportInconsistentOffsets(
  history: History,
  findings: Findings,
  { name, log }: Partition,
): void {
  for (const [offset, messages] of log) {
    const [a, b] = messages;
    if (a === undefined || b === undefined) continue;
    const say = () =>
      `Offset ${offset} of log ${name} holds ${formatValue(a.value)} according to ${describeOp(history, a.op.event)}, ` +
      `and ${formatValue(b.value)} according to ${describeOp(history, b.op.event)}.`;
    findings.add('inconsistent-offsets', [a.op.event, b.op.event], say, name);
  }
}

/** *duplicate*: one value stands at two offsets, though it was sent once. */
export function reportDuplicates(
  history: History,
  findings: Findings,
  { name, log, sends }: Partition,
): void {
  const places = new Map<unknown, Message[]>();
  for (const message of [...log.values()].flat()) {
    const id = identity(message.value);
    const same = places.get(id);
    if (same === undefined) places.set(id, [message]);
    else same.push(message);
  }
  for (const [id, messages] of places) {
    const sent = sends.get(id)?.length ?? 1;
    if (messages.length <= sent) continue;
    const shown = messages.slice(0, 3);
    const say = () => {
      const where = shown.map(({ offset, op }) => `${offset} (${describeOp(history, op.event)})`);
      return `${formatValue(messages[0]!.value)} was sent ${sent === 1 ? 'once' : `${sent} times`} to log ${name}, but stands at the offsets ${list(where)}.`;
    };
    const senders = (sends.get(id) ?? []).slice(0, 2);
    findings.add(
      'duplicate',
      [...senders, ...shown].map(({ op }) => op.event),
      say,
      name,
    );
  }
}

/** *lost-write*: an acknowledged message that nobody polled, though somebody polled a later one. */
export function reportLostWrites(history: History, findings: Findings, partition: Partition): void {
  const { name, sends, polled, perhapsPolled, highest } = partition;
  if (highest === undefined) return;
  for (const [id, messages] of sends) {
    if (polled.has(id) || perhapsPolled.has(id)) continue;
    const lost = messages.find(
      ({ op, offset }) => op.outcome === 'ok' && offset !== undefined && offset < highest.offset!,
    );
    if (lost === undefined) continue;
    const say = () =>
      `${describeOp(history, lost.op.event)} was acknowledged with offset ${lost.offset} in log ${name}, but nobody ever ` +
      `polled ${formatValue(lost.value)}, though ${describeOp(history, highest.op.event)} polled offset ${highest.offset}.`;
    findings.add('lost-write', [lost.op.event, highest.op.event], say, name);
  }
}

/** How many acknowledged messages nobody polled, lost or not. */
export function countUnseen({ sends, polled, perhapsPolled }: Partition): number {
  let unseen = 0;
  for (const [id, messages] of sends) {
    if (!polled.has(id) && !perhapsPolled.has(id) && messages.some(({ op }) => op.outcome === 'ok')) unseen++;
  }
  return unseen;
}

/** *aborted-read*: a polled value whose send surely failed; *unexpected*: one that nobody sent, or only later. */
export function reportWrongReads(
  history: History,
  findings: Findings,
  { name, sends, failed, polled }: Partition,
): void {
  for (const [id, message] of polled) {
    const sent = sends.get(id)?.[0];
    if (sent !== undefined && sent.op.begin < message.op.end) continue;
    const aborted = sent === undefined ? failed.get(id) : undefined;
    const sender = sent ?? aborted;
    const say = () => {
      const sight = `${describeOp(history, message.op.event)} polled ${formatValue(message.value)} from log ${name}, `;
      if (sender === undefined) return `${sight}which nobody sent.`;
      const why = aborted === undefined ? 'began only later' : 'surely had no effect';
      return `${sight}though ${describeOp(history, sender.op.event)} ${why}.`;
    };
    const ops = sender === undefined ? [message.op.event] : [sender.op.event, message.op.event];
    findings.add(aborted === undefined ? 'unexpected' : 'aborted-read', ops, say, name);
  }
}

/** *precommitted-read*: a transaction polls what it has sent itself, and not committed yet. */
export function reportPrecommittedReads(history: History, findings: Findings, operation: LogOperation): void {
  const { op, sends, polls } = operation;
  if (op.outcome !== 'ok') return;
  const isOwn = ({ partition, value }: Message): boolean =>
    sends.some((sent) => sent.partition === partition && identity(sent.value) === identity(value));
  const read = polls.flat().find(isOwn);
  if (read === undefined) return;
  const say = () =>
    `${describeOp(history, op.event)} polled ${formatValue(read.value)} from log ${read.partition}, which it had sent itself ` +
    'in the same transaction.';
  findings.add('precommitted-read', [op.event], say, read.partition);
}
