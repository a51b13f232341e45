import type { History } from '../../histories/history.ts';
import type { Checker, Verdict } from '../checker.ts';
import { count } from '../describe.ts';
import { Findings } from '../findings.ts';
import {
  countUnseen,
  reportDuplicates,
  reportInconsistentOffsets,
  reportLostWrites,
  reportPrecommittedReads,
  reportWrongReads,
} from './log-anomalies.ts';
import { reportPollOrder, reportSendOrder } from './order-anomalies.ts';
import { readLogs } from './partitions.ts';
import { reportCycles } from './transaction-cycles.ts';

export interface KafkaOptions {
  /** Whether the writes of transactions must not interleave. Default false: Kafka lets them. */
  readonly isolatedWrites?: boolean;
}

/**
 * Append-only logs like Kafka's (Jepsen's `kafka`, also Maelstrom's). Operations: `send`, `poll` and `txn`, whose value is a
 * list of `["send", key, value]`, completed as `["send", key, [offset, value]]` (offset null when it isn't known), and
 * `["poll"]`, or `["poll", { key: offset }]` with where to begin, completed as `["poll", { key: [[offset, value], ...] }]`;
 * `assign` and `subscribe` (value: keys). The key names a log, values are unique. Somebody must poll each log from its
 * beginning.
 *
 * Reports *lost-write*, *duplicate*, *inconsistent-offsets*, *aborted-read*, *precommitted-read*, *unexpected*, *poll-skip*,
 * *nonmonotonic-poll*, *nonmonotonic-send* (these three also as `int-...` within one operation), *G1c* and, with
 * `isolatedWrites`, *G0*. Acknowledged messages that nobody has polled yet, without a later one polled, are counted as unseen.
 */
export function kafka(options: KafkaOptions = {}): Checker {
  const isolatedWrites = options.isolatedWrites ?? false;
  return {
    name: 'kafka',
    about: 'append-only logs: nothing lost, doubled or skipped, offsets that agree and grow',
    check: (history) => checkLogs(history, isolatedWrites),
  };
}

function checkLogs(history: History, isolatedWrites: boolean): Verdict {
  const findings = new Findings(history);
  const logs = readLogs(history);
  const { operations, partitions } = logs;
  const counts = { logs: partitions.size, sent: 0, polled: 0, unseen: 0 };
  for (const partition of partitions.values()) {
    counts.sent += partition.sends.size;
    counts.polled += partition.polled.size;
    counts.unseen += countUnseen(partition);
    reportInconsistentOffsets(history, findings, partition);
    reportDuplicates(history, findings, partition);
    reportLostWrites(history, findings, partition);
    reportWrongReads(history, findings, partition);
  }
  for (const operation of operations) reportPrecommittedReads(history, findings, operation);
  const context = { history, findings, partitions };
  reportPollOrder(context, operations);
  reportSendOrder(context, operations);
  reportCycles(history, findings, logs, isolatedWrites);
  const vacuous: string[] = [];
  if (counts.polled === 0) vacuous.push('no message was ever polled');
  else if (counts.unseen > 0) vacuous.push(`${count(counts.unseen, 'acknowledged message')} never polled`);
  return findings.verdict('kafka', { counts, vacuous });
}
