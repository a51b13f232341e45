import type { History } from '../../histories/history.ts';
import { identity } from '../identity.ts';
import { malformed } from '../malformed.ts';
import { type Operation, operationsOf } from '../operations.ts';

/** A message that an operation sent or polled. */
export interface Message {
  readonly op: Operation;
  readonly partition: string;
  readonly value: unknown;
  /** Its place in the log; undefined when a send was not told. */
  readonly offset: number | undefined;
}

/** An operation on the logs: what it sent and what it polled, in order; each poll is a list of its own. */
export interface LogOperation {
  readonly op: Operation;
  readonly sends: readonly Message[];
  readonly polls: readonly (readonly Message[])[];
}

/** One log: everything that is known about it. */
export interface Partition {
  readonly name: string;
  /** Sends that may have taken effect, and those that surely failed, by value. */
  readonly sends: Map<unknown, Message[]>;
  readonly failed: Map<unknown, Message>;
  /** The first poll of each value by an operation that succeeded. */
  readonly polled: Map<unknown, Message>;
  /** Values that only an operation of unknown outcome says that it polled. */
  readonly perhapsPolled: Set<unknown>;
  /** Acknowledged sends and polls at each offset: one message for each value. */
  readonly log: Map<number, Message[]>;
  /** The poll of the highest offset. */
  highest: Message | undefined;
  /** Offsets that hold a message, ascending, and the place of each: gaps between offsets mean nothing. */
  offsets: readonly number[];
  readonly rank: Map<number, number>;
}

export interface Logs {
  readonly operations: readonly LogOperation[];
  readonly partitions: ReadonlyMap<string, Partition>;
}

/**
 * Reads operations as Jepsen's `kafka` workload records them: `send`, `poll` and `txn`, whose value is a list of
 * `["send", key, value]` (completed: `["send", key, [offset, value]]`) and `["poll"]` (completed:
 * `["poll", { key: [[offset, value], ...] }]`); `assign` and `subscribe`, whose value is a list of keys.
 */
export function readLogs(history: History): Logs {
  const partitions = new Map<string, Partition>();
  const operations: LogOperation[] = [];
  for (const op of operationsOf(history)) {
    if (op.f === 'assign' || op.f === 'subscribe') operations.push({ op, sends: [], polls: [] });
    if (op.f !== 'send' && op.f !== 'poll' && op.f !== 'txn') continue;
    const operation = readOperation(history, op);
    operations.push(operation);
    for (const message of operation.sends) noteSend(partitionOf(partitions, message.partition), message);
    for (const message of operation.polls.flat())
      notePoll(partitionOf(partitions, message.partition), message);
  }
  for (const partition of partitions.values()) rankOffsets(partition);
  return { operations, partitions };
}

function readOperation(history: History, op: Operation): LogOperation {
  const expected = 'a list of ["send", key, value] and ["poll", { key: [[offset, value], ...] }]';
  // What an operation of unknown outcome answered is in its completion, if there is one.
  const value = op.outcome === 'fail' ? op.argument : (op.result ?? op.argument);
  if (!Array.isArray(value)) throw malformed(history, op.begin, expected);
  const sends: Message[] = [];
  const polls: Message[][] = [];
  for (const micro of value as unknown[]) {
    if (!Array.isArray(micro)) throw malformed(history, op.event, expected);
    const [kind, where, what] = micro as unknown[];
    if (kind === 'send') sends.push(sentMessage(op, String(where), what));
    else if (kind === 'poll') polls.push(polledMessages(op, where));
    else throw malformed(history, op.event, expected);
  }
  return { op, sends, polls };
}

function sentMessage(op: Operation, partition: string, what: unknown): Message {
  if (op.outcome === 'fail' || !Array.isArray(what)) return { op, partition, value: what, offset: undefined };
  const [offset, value] = what as unknown[];
  return { op, partition, value, offset: typeof offset === 'number' ? offset : undefined };
}

function polledMessages(op: Operation, answer: unknown): Message[] {
  if (typeof answer !== 'object' || answer === null) return [];
  const out: Message[] = [];
  for (const [partition, messages] of Object.entries(answer)) {
    // Of an operation without an answer it is the offset that the poll was to begin at, where clients name one.
    if (!Array.isArray(messages)) continue;
    for (const [offset, value] of messages as [number, unknown][]) out.push({ op, partition, offset, value });
  }
  return out;
}

function partitionOf(partitions: Map<string, Partition>, name: string): Partition {
  let partition = partitions.get(name);
  if (partition === undefined) {
    partition = {
      name,
      sends: new Map(),
      failed: new Map(),
      polled: new Map(),
      perhapsPolled: new Set(),
      log: new Map(),
      highest: undefined,
      offsets: [],
      rank: new Map(),
    };
    partitions.set(name, partition);
  }
  return partition;
}

function noteSend(partition: Partition, message: Message): void {
  const id = identity(message.value);
  if (message.op.outcome === 'fail') {
    partition.failed.set(id, message);
    return;
  }
  const same = partition.sends.get(id);
  if (same === undefined) partition.sends.set(id, [message]);
  else same.push(message);
  if (message.op.outcome === 'ok') noteOffset(partition, message);
}

function notePoll(partition: Partition, message: Message): void {
  const id = identity(message.value);
  if (message.op.outcome !== 'ok') {
    partition.perhapsPolled.add(id);
    return;
  }
  if (!partition.polled.has(id)) partition.polled.set(id, message);
  if (message.offset! > (partition.highest?.offset ?? -1)) partition.highest = message;
  noteOffset(partition, message);
}

function noteOffset({ log }: Partition, message: Message): void {
  if (message.offset === undefined) return;
  const at = log.get(message.offset);
  if (at === undefined) log.set(message.offset, [message]);
  else if (at.every((other) => identity(other.value) !== identity(message.value))) at.push(message);
}

function rankOffsets(partition: Partition): void {
  partition.offsets = [...partition.log.keys()].sort((a, b) => a - b);
  partition.offsets.forEach((offset, i) => {
    partition.rank.set(offset, i);
  });
}
