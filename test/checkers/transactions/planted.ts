import type { Verdict } from '../../../checkers/checker.ts';
import { DEFAULT_BUDGET } from '../../../checkers/checker.ts';
import { listAppend } from '../../../checkers/transactions/list-append.ts';
import type { ConsistencyModel } from '../../../checkers/transactions/models.ts';
import { rwRegister } from '../../../checkers/transactions/rw-register.ts';
import { historyOf } from '../../../histories/builder.ts';
import type { OpEvent } from '../../../histories/op.ts';
import type { Micro } from './oracle.ts';

/** Events written by hand: `[process, type, micro-operations]`, a millisecond apart. */
export type Line = readonly [process: number, type: OpEvent['type'], value: readonly Micro[]];

export function eventsOf(lines: readonly Line[]): OpEvent[] {
  return lines.map(([process, type, value], i) => ({ time: i * 1e6, process, type, f: 'txn', value }));
}

export function judge(events: readonly OpEvent[], model?: ConsistencyModel): Verdict {
  const appends = JSON.stringify(events).includes('"append"');
  const checker = appends ? listAppend({ model }) : rwRegister({ model });
  return checker.check(historyOf(events), { budget: DEFAULT_BUDGET });
}

/**
 * A right history of transactions that run one after another, by three processes in turn, each with a read and a write
 * of one of a few keys, and before and after what is planted in it the same.
 */
export function background(kind: 'append' | 'w', transactions: number, first: number): OpEvent[] {
  const lists = new Map<string, number[]>();
  const events: OpEvent[] = [];
  for (let i = 0; i < transactions; i++) {
    const key = `background-${first}-${i % 5}`;
    const list = lists.get(key) ?? [];
    const seen = kind === 'append' ? [...list] : (list.at(-1) ?? null);
    const value: Micro[] = [
      ['r', key, seen],
      [kind, key, i],
    ];
    lists.set(key, [...list, i]);
    const shared = { process: 100 + (i % 3), f: 'txn' };
    const asked: Micro[] = [['r', key, null], value[1]!];
    events.push({ ...shared, time: events.length * 1e6, type: 'invoke', value: asked });
    events.push({ ...shared, time: events.length * 1e6, type: 'ok', value });
  }
  return events;
}

/** The lines in the middle of a right history; `at` turns the number of a line into that of its event. */
export function planted(
  kind: 'append' | 'w',
  lines: readonly Line[],
  around = 60,
): { events: OpEvent[]; at: (line: number) => number } {
  const before = background(kind, around, 0);
  const events = [...before, ...eventsOf(lines), ...background(kind, around, 1)];
  return {
    events: events.map((event, i) => ({ ...event, time: i * 1e6 })),
    at: (line) => before.length + line,
  };
}
