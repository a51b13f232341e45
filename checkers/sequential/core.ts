import type { History } from '../../histories/history.ts';
import { INVOKE, NEMESIS } from '../../histories/op.ts';
import { readSessions } from '../causal/sessions.ts';

/** Histories with more operations than this are not made smaller. */
const MAX_OPERATIONS = 2000;

/**
 * A part of a history that has no legal sequence either, from which no operation can be left out: whole keys go first, then
 * ever smaller runs of operations (delta debugging, Zeller and Hildebrandt 2002). A write goes with the reads of its value.
 * `illegal` decides, and may give up with false. Null when the history is too large.
 */
export function illegalCore(history: History, illegal: (part: History) => boolean): History | null {
  let core = compact(history);
  if (core.length > 2 * MAX_OPERATIONS) return null;
  for (const key of new Set(core.columns.key)) {
    const part = core.select((i) => core.columns.key[i] !== key);
    if (illegal(part)) core = part;
  }
  for (let size = core.length; size >= 1; size = size > 1 ? Math.ceil(size / 2) : 0) {
    for (let from = 0; from < core.length; ) {
      const part = without(core, from, from + size);
      if (part.length < core.length && illegal(part)) core = part;
      else from += size;
    }
  }
  return core;
}

/** The operations that matter, without those that failed or whose outcome nobody learnt. */
function compact(history: History): History {
  const sessions = readSessions(history);
  if ('reason' in sessions) return history;
  const keep = new Set<number>();
  for (const event of sessions.event) keep.add(event).add(history.pair[event]!);
  return history.select((i) => keep.has(i) && history.process[i] !== NEMESIS);
}

/** Leaves out the operations that begin at the events `from` to `to - 1`, and the reads of what they wrote. */
function without(history: History, from: number, to: number): History {
  const { pair, type } = history.columns;
  const begins = (i: number): number => (type[i] === INVOKE ? i : pair[i]!);
  const gone = (i: number): boolean => begins(i) >= from && begins(i) < to;
  const left = history.select((i) => !gone(i));
  const sessions = readSessions(left);
  if ('reason' in sessions || sessions.thinAir.length === 0) return left;
  const orphans = new Set(sessions.thinAir.flatMap(({ event }) => [event, left.pair[event]!]));
  return left.select((i) => !orphans.has(i));
}
