import type { History } from '../../histories/history.ts';
import { count, describeOp, formatValue } from '../describe.ts';
import type { Findings } from '../findings.ts';
import { groupBy } from '../operations.ts';
import type { LogOperation, Message, Partition } from './partitions.ts';

interface Context {
  readonly history: History;
  readonly findings: Findings;
  readonly partitions: ReadonlyMap<string, Partition>;
}

/**
 * What one process polls from a log goes on where it left off: *nonmonotonic-poll* when it goes back, *poll-skip* when it
 * leaves out a message that is known to stand between; `int-` when both polls are of one operation. Starts anew after an
 * `assign`; while subscribed, any poll may follow a rebalance, so only polls of one operation are compared.
 */
export function reportPollOrder(context: Context, operations: readonly LogOperation[]): void {
  for (const own of groupBy(operations, ({ op }) => op.process).values()) {
    let last = new Map<string, Message>();
    let subscribed = false;
    for (const { op, polls } of own) {
      if (op.f === 'assign' || op.f === 'subscribe') {
        last = new Map();
        // Even one of unknown outcome may have begun a subscription.
        if (op.outcome !== 'fail') subscribed = op.f === 'subscribe';
      }
      if (op.outcome !== 'ok') continue;
      if (subscribed) last = new Map();
      for (const message of polls.flat()) {
        const before = last.get(message.partition);
        if (before !== undefined) comparePolls(context, before, message);
        last.set(message.partition, message);
      }
    }
  }
}

function comparePolls({ history, findings, partitions }: Context, before: Message, after: Message): void {
  const partition = partitions.get(after.partition)!;
  const from = partition.rank.get(before.offset!)!;
  const to = partition.rank.get(after.offset!)!;
  if (to === from + 1) return;
  const inside = before.op === after.op ? 'int-' : '';
  const { name } = partition;
  const told = `${describeOp(history, before.op.event)} polled offset ${before.offset} of log ${name}`;
  if (to <= from) {
    const say = () =>
      `${told}, and then ${again(history, before, after)} polled offset ${after.offset}: it went back.`;
    findings.add(`${inside}nonmonotonic-poll`, [before.op.event, after.op.event], say, name);
    return;
  }
  const skipped = partition.log.get(partition.offsets[from + 1]!)![0]!;
  const say = () =>
    `${told}, and then ${again(history, before, after)} polled offset ${after.offset}, leaving out ` +
    `${count(to - from - 1, 'message')}: ${describeOp(history, skipped.op.event)} knows ${formatValue(skipped.value)} ` +
    `at offset ${skipped.offset}.`;
  findings.add(`${inside}poll-skip`, [before.op.event, skipped.op.event, after.op.event], say, name);
}

function again(history: History, before: Message, after: Message): string {
  return before.op === after.op ? 'the same operation' : describeOp(history, after.op.event);
}

/**
 * What one process sends to a log gets ever higher offsets: *nonmonotonic-send* when it doesn't; `int-` when both sends
 * are of one operation. Other sends may come between.
 */
export function reportSendOrder({ history, findings }: Context, operations: readonly LogOperation[]): void {
  for (const own of groupBy(operations, ({ op }) => op.process).values()) {
    const last = new Map<string, Message>();
    for (const { op, sends } of own) {
      if (op.outcome !== 'ok') continue;
      for (const message of sends) {
        if (message.offset === undefined) continue;
        const before = last.get(message.partition);
        last.set(message.partition, message);
        if (before === undefined || before.offset! < message.offset) continue;
        const inside = before.op === op ? 'int-' : '';
        const say = () =>
          `${describeOp(history, before.op.event)} sent ${formatValue(before.value)} to offset ${before.offset} of log ` +
          `${message.partition}, and then ${again(history, before, message)} sent ${formatValue(message.value)} to offset ${message.offset}.`;
        findings.add(`${inside}nonmonotonic-send`, [before.op.event, op.event], say, message.partition);
      }
    }
  }
}
