import type { History } from '../../histories/history.ts';
import type { Nanos } from '../../histories/op.ts';
import { formatTime, formatValue, list } from '../describe.ts';
import { placeOf } from '../final-reads.ts';
import { identity } from '../identity.ts';
import { MalformedOp, malformed } from '../malformed.ts';
import { type LastLog, lastLogs } from '../node-logs.ts';
import type { Operation } from '../operations.ts';

/** A message that some client asked to broadcast, or that some node says it delivered. */
export interface Message {
  readonly value: unknown;
  /** The client's request; undefined when nobody asked. */
  request: Operation | undefined;
  /** A request that surely had no effect. */
  failed: Operation | undefined;
}

/** A broadcast in a node's log. */
export interface Sent {
  readonly message: Message;
  /** What the node had broadcast just before. */
  readonly previous: Message | undefined;
  /** What it had delivered since then. */
  readonly delivered: readonly Message[];
}

/** What one node did, by the last log that was read from it. */
export interface NodeLog extends LastLog {
  readonly sent: readonly Sent[];
  /** Where each message was delivered first, counted in deliveries. In the order of delivery. */
  readonly deliveredAt: ReadonlyMap<Message, number>;
  /** Messages that were delivered again, and how often in all. */
  readonly repeated: ReadonlyMap<Message, number>;
  /** Messages of its own that it delivered before it broadcast them. */
  readonly premature: readonly Message[];
}

/** The broadcasts that were asked for and what the nodes made of them. */
export interface Run {
  readonly history: History;
  /** Every broadcast that may have had an effect, in order of invocation. */
  readonly requests: readonly Operation[];
  readonly messageOf: (value: unknown) => Message;
  readonly logs: readonly NodeLog[];
  /** Nodes that were asked to broadcast or for their log, and gave none in the end. */
  readonly silent: readonly string[];
}

/** Reads the operations on one group of nodes. Throws a `MalformedOp` when a log or a broadcast can't be understood. */
export function readRun(history: History, ops: readonly Operation[], within: Nanos): Run {
  const messages = new Map<unknown, Message>();
  const messageOf = (value: unknown): Message => {
    const id = identity(value);
    let message = messages.get(id);
    if (message === undefined) messages.set(id, (message = { value, request: undefined, failed: undefined }));
    return message;
  };
  for (const op of ops) if (op.f === 'broadcast') noteRequest(messageOf(op.argument), op);
  const requests = ops.filter((op) => op.f === 'broadcast' && op.outcome !== 'fail');
  const logs = lastLogs(history, ops, within).map((log) => readLog(history, log, messageOf));
  const answered = new Set(logs.filter(({ final }) => final).map(({ node }) => node));
  const silent = [...new Set(ops.map(placeOf))].filter((node) => !answered.has(node)).sort();
  return { history, requests, messageOf, logs, silent };
}

function noteRequest(message: Message, op: Operation): void {
  if (op.outcome === 'fail') message.failed = op;
  else if (message.request === undefined) message.request = op;
  else
    throw new MalformedOp(
      `events ${message.request.begin} and ${op.begin} (broadcast): both broadcast ${formatValue(op.argument)}; ` +
        'each message must be broadcast once, or its deliveries cannot be told apart',
    );
}

function readLog(history: History, log: LastLog, messageOf: (value: unknown) => Message): NodeLog {
  const { read } = log;
  const sent: Sent[] = [];
  const deliveredAt = new Map<Message, number>();
  const repeated = new Map<Message, number>();
  const premature: Message[] = [];
  let previous: Message | undefined;
  let delivered: Message[] = [];
  if (!Array.isArray(read.result)) throw malformedLog(history, read);
  for (const event of read.result as readonly unknown[]) {
    const [what, value] = Array.isArray(event) ? event : [];
    if (what !== 'broadcast' && what !== 'deliver') throw malformedLog(history, read);
    const message = messageOf(value);
    if (what === 'broadcast') {
      if (deliveredAt.has(message)) premature.push(message);
      sent.push({ message, previous, delivered });
      previous = message;
      delivered = [];
    } else if (deliveredAt.has(message)) {
      repeated.set(message, (repeated.get(message) ?? 1) + 1);
    } else {
      deliveredAt.set(message, deliveredAt.size);
      delivered.push(message);
    }
  }
  return { ...log, sent, deliveredAt, repeated, premature };
}

function malformedLog(history: History, read: Operation): MalformedOp {
  return malformed(history, read.event, 'an array of ["broadcast", message] and ["deliver", message]');
}

/** Where to see it: `see n1's log at 25 s and n2's log at 25.1 s`. */
export function seeLogs(history: History, ...logs: readonly NodeLog[]): string {
  const named = logs.map(({ node, read }) => `${node}'s log at ${formatTime(history.time[read.event]!)}`);
  return `see ${list([...new Set(named)])}`;
}
