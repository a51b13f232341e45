import type { Entry } from './entry.ts';

/** The log in memory: the entries after `baseIndex`; those before are in the snapshot. Index 0 is the empty log's. */
export interface Log {
  baseIndex: number;
  /** The term of the entry at `baseIndex`. */
  baseTerm: number;
  entries: Entry[];
}

/** A log that begins after the entry at `baseIndex`. */
export function emptyLog(baseIndex = 0, baseTerm = 0): Log {
  return { baseIndex, baseTerm, entries: [] };
}

/** The index of the last entry; of an empty log, of the one before its first. */
export function lastIndex(log: Log): number {
  return log.baseIndex + log.entries.length;
}

/** The term of the last entry; 0 if there never was one. */
export function lastTerm(log: Log): number {
  const { entries } = log;
  return entries.length === 0 ? log.baseTerm : entries[entries.length - 1]!.term;
}

/** The term of the entry at `index`, or -1 where the log has none (any more, or yet). */
export function termAt(log: Log, index: number): number {
  if (index === log.baseIndex) return log.baseTerm;
  return log.entries[index - log.baseIndex - 1]?.term ?? -1;
}

/** The entry at `index`, which the log must have. */
export function entryAt(log: Log, index: number): Entry {
  return log.entries[index - log.baseIndex - 1]!;
}

/** At most `limit` entries from `index` on. */
export function entriesFrom(log: Log, index: number, limit: number): readonly Entry[] {
  const from = index - log.baseIndex - 1;
  return log.entries.slice(from, from + limit);
}

/** Removes the entry at `index` and all after it. */
export function truncateFrom(log: Log, index: number): void {
  log.entries.length = Math.max(0, index - log.baseIndex - 1);
}

/** Forgets the entries up to `index`, which the log must have and a snapshot must cover. */
export function compactTo(log: Log, index: number): void {
  if (index <= log.baseIndex) return;
  log.baseTerm = termAt(log, index);
  log.entries = log.entries.slice(index - log.baseIndex);
  log.baseIndex = index;
}

/** Forgets everything: the log begins anew after `index`. */
export function restartLog(log: Log, index: number, term: number): void {
  log.baseIndex = index;
  log.baseTerm = term;
  log.entries = [];
}

/** The first index, after the base, of the run of entries of the same term that `index` lies in. */
export function firstOfTerm(log: Log, index: number): number {
  const term = termAt(log, index);
  let first = index;
  while (first > log.baseIndex + 1 && termAt(log, first - 1) === term) first--;
  return first;
}

/** The last index of an entry of `term`, or 0 if the log has none. */
export function lastOfTerm(log: Log, term: number): number {
  let index = lastIndex(log);
  while (index > log.baseIndex && termAt(log, index) > term) index--;
  return termAt(log, index) === term ? index : 0;
}
