import { encodeEvent } from '../../histories/encode.ts';
import type { History } from '../../histories/history.ts';
import type { RecordedRun } from '../store/recorded-run.ts';

/** How a replay compares with what was recorded. */
export type Comparison =
  /** The same, in as many events as were recorded: all of them, unless the run was cut short. */
  | { readonly same: true; readonly events: number; readonly cutShort: boolean }
  | { readonly same: false; readonly difference: Difference };

/** The first event that two histories don't share: its index, and each one's as JSON, absent where it has ended. */
export interface Difference {
  readonly index: number;
  readonly recorded: string | undefined;
  readonly replayed: string | undefined;
}

/** Compares by fingerprint where there is one, else event by event. Throws a `HistoryFileError` for a bad history. */
export async function compareRuns(
  recorded: RecordedRun,
  replayed: History,
  fingerprint: string,
): Promise<Comparison> {
  const cutShort = recorded.record === undefined;
  if (recorded.record?.fingerprint === fingerprint) return { same: true, events: replayed.length, cutShort };
  const history = await recorded.history();
  const index = firstDifference(history, replayed);
  if (cutShort && index === history.length) return { same: true, events: index, cutShort };
  const difference = { index, recorded: eventAt(history, index), replayed: eventAt(replayed, index) };
  return { same: false, difference };
}

/** Index of the first event that two histories don't share; the length of both where they share all. */
export function firstDifference(a: History, b: History): number {
  const common = Math.min(a.length, b.length);
  for (let i = 0; i < common; i++) if (eventAt(a, i) !== eventAt(b, i)) return i;
  return common;
}

function eventAt(history: History, i: number): string | undefined {
  return i < history.length ? encodeEvent(history, i) : undefined;
}
