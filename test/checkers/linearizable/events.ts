import { historyOf } from '../../../histories/builder.ts';
import type { History } from '../../../histories/history.ts';
import type { OpEvent, OpType } from '../../../histories/op.ts';

/** `[process, type, f, value, error]`, one every millisecond. */
export type Event = readonly [process: number, type: OpType, f: string, value?: unknown, error?: string];

/** A history of one object. */
export function events(...rows: readonly Event[]): History {
  return historyOf(
    rows.map(
      ([process, type, f, value = null, error], i): OpEvent => ({
        time: i * 1e6,
        process,
        type,
        f,
        value,
        ...(error === undefined ? {} : { error }),
      }),
    ),
  );
}

/** An operation that nothing overlaps. */
export function alone(
  process: number,
  f: string,
  argument: unknown,
  result: unknown = argument,
): [Event, Event] {
  return [
    [process, 'invoke', f, argument],
    [process, 'ok', f, result],
  ];
}
