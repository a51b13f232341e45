import type { History } from '../../histories/history.ts';
import { formatValue } from '../describe.ts';
import { malformed } from '../malformed.ts';
import { lastLogs } from '../node-logs.ts';
import { operationsOf } from '../operations.ts';

/** One event that a node has written down. */
export interface LoggedEvent {
  readonly node: string;
  /** Its place among the events of its node, from 0. */
  readonly place: number;
  readonly what: 'local' | 'send' | 'receive';
  readonly message: string | null;
  readonly stamp: unknown;
  /** The history's event that holds the log. */
  readonly read: number;
  /** The event before it on its node, and the sending of what it receives, if their logs are known. */
  previous: LoggedEvent | null;
  sending: LoggedEvent | null;
}

/** The events of all nodes, by node, from the last log that each of them gave. */
export function loggedEvents(history: History): Map<string, LoggedEvent[]> {
  const logs = new Map<string, LoggedEvent[]>();
  const sendings = new Map<string, LoggedEvent>();
  for (const { node, read } of lastLogs(history, operationsOf(history))) {
    if (!Array.isArray(read.result)) throw malformed(history, read.event, 'a list of events');
    const events: LoggedEvent[] = [];
    for (const entry of read.result as readonly unknown[]) {
      if (!isEntry(entry)) throw malformed(history, read.event, 'a list of [event, message, timestamp]');
      const [what, message, stamp] = entry;
      const place = events.length;
      const previous = events[place - 1] ?? null;
      const event = { node, place, what, message, stamp, read: read.event, previous, sending: null };
      events.push(event);
      if (what === 'send') sendings.set(message!, event);
    }
    logs.set(node, events);
  }
  for (const events of logs.values()) {
    for (const event of events) {
      if (event.what === 'receive') event.sending = sendings.get(event.message!) ?? null;
    }
  }
  return logs;
}

type Entry = readonly [what: LoggedEvent['what'], message: string | null, stamp: unknown];

function isEntry(entry: unknown): entry is Entry {
  if (!Array.isArray(entry) || entry.length !== 3) return false;
  const [what, message] = entry;
  return what === 'local' || ((what === 'send' || what === 'receive') && typeof message === 'string');
}

/** `n1's event 3 (send n1-2 at 7)`. */
export function describeEvent({ node, place, what, message, stamp }: LoggedEvent): string {
  const of = message === null ? '' : ` ${message}`;
  return `${node}'s event ${place + 1} (${what}${of} at ${formatValue(stamp)})`;
}
