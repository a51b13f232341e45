/** Append-only logs of messages, by name; a message's offset is its place. */
export type MessageLogs = Map<string, unknown[]>;

/** `['send', log, message]`, or `['poll', { log: offset }]`: what stands in each log from that offset on. */
export type LogOperation =
  | readonly ['send', string, unknown]
  | readonly ['poll', Readonly<Record<string, number>>];

/** Messages of a log that one poll brings, at most. */
const MOST_POLLED = 20;

/** Performs one and answers `['send', log, [offset, message]]` or `['poll', { log: [[offset, message], ...] }]`. */
export function performOnLog(logs: MessageLogs, operation: LogOperation): readonly unknown[] {
  if (operation[0] === 'poll') {
    const polled = Object.entries(operation[1]).map(([name, from]) => {
      const messages = logs.get(name)?.slice(from, from + MOST_POLLED) ?? [];
      return [name, messages.map((message, i) => [from + i, message])] as const;
    });
    return ['poll', Object.fromEntries(polled)];
  }
  const [f, name, message] = operation;
  const log = logs.get(name);
  if (log === undefined) logs.set(name, [message]);
  else log.push(message);
  return [f, name, [log === undefined ? 0 : log.length - 1, message]];
}
