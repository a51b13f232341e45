import type { History } from '../histories/history.ts';
import { FAIL, INVOKE, NEMESIS, OK } from '../histories/op.ts';
import type { Checker, Verdict } from './checker.ts';
import { type FaultSpan, faultsOf } from './fault-spans.ts';
import { healingOf } from './final-reads.ts';

/**
 * Says in `vacuous` why a pass of whatever other checkers means little, in order of weight; always valid itself:
 * - no client performed an operation, or some function never once succeeded;
 * - reads succeeded, but none saw a value: each was null or empty;
 * - a kind of fault was refused each time, or was never at work while an operation was under way;
 * - keys were changed, but after the healing nobody read them: a loss would go unseen. Only where there were reads
 *   before, and where the history has a healing (`heal`), which ends every run of Momus.
 */
export function vacuity(): Checker {
  return {
    name: 'vacuity',
    about: 'says why a pass may mean little: nothing read, nothing succeeded, no fault felt; always valid',
    check: checkVacuity,
  };
}

function checkVacuity(history: History): Verdict {
  const vacuous = [...unsuccessful(history), ...blind(history), ...unfelt(history), ...unread(history)];
  return { checker: 'vacuity', valid: true, anomalies: [], counts: { warnings: vacuous.length }, vacuous };
}

function unsuccessful(history: History): string[] {
  const successes = new Map<string, number>();
  for (let i = 0; i < history.length; i++) {
    if (!isInvocation(history, i)) continue;
    const f = history.fName(i);
    successes.set(f, (successes.get(f) ?? 0) + (succeeded(history, i) ? 1 : 0));
  }
  if (successes.size === 0) return ['no client performed an operation'];
  return [...successes].flatMap(([f, n]) => (n === 0 ? [`no ${f} ever succeeded`] : []));
}

function blind(history: History): string[] {
  let reads = 0;
  for (let i = 0; i < history.length; i++) {
    if (!isInvocation(history, i) || !succeeded(history, i)) continue;
    for (const value of valuesRead(history, i)) {
      if (!isNothing(value)) return [];
      reads++;
    }
  }
  return reads === 0 ? [] : ['no read ever saw a value'];
}

/** What each of the reads in the successful operation that event `i` begins returned. */
function valuesRead(history: History, i: number): unknown[] {
  const result = history.value(history.pair[i]!);
  if (history.fName(i) === 'txn')
    return microOperations(result).flatMap(([f, , v]) => (isRead(f) ? [v] : []));
  return isRead(history.fName(i)) ? [result] : [];
}

function microOperations(value: unknown): (readonly unknown[])[] {
  return Array.isArray(value) ? value.filter((micro) => Array.isArray(micro)) : [];
}

function isRead(f: unknown): boolean {
  return f === 'read' || f === 'get' || f === 'r';
}

function isNothing(value: unknown): boolean {
  if (value === null || value === undefined || value === '') return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

function unfelt(history: History): string[] {
  const { spans, refused } = faultsOf(history);
  const lastEnd = lastEndUpTo(history);
  const felt = new Map<string, boolean>();
  for (const span of spans)
    felt.set(span.kind, felt.get(span.kind) === true || overlapsOperation(span, lastEnd));
  const out = [...felt].flatMap(([kind, was]) =>
    was ? [] : [`no operation was under way during any ${kind}`],
  );
  for (const [kind, error] of refused) if (!felt.has(kind)) out.push(`${kind} never took effect: ${error}`);
  return out;
}

/**
 * For each event, the index of the last event at which an operation ends that began up to there; -1 before the first.
 * The order of events tells what overlaps, whatever their times say.
 */
function lastEndUpTo(history: History): Int32Array {
  const out = new Int32Array(history.length);
  let last = -1;
  for (let i = 0; i < history.length; i++) {
    if (isInvocation(history, i)) {
      const end = history.pair[i]!;
      last = Math.max(last, end < 0 ? history.length : end);
    }
    out[i] = last;
  }
  return out;
}

function overlapsOperation(span: FaultSpan, lastEnd: Int32Array): boolean {
  const until = Math.min(span.to, lastEnd.length - 1);
  return lastEnd[until]! > span.from;
}

function unread(history: History): string[] {
  const healed = healingOf(history).index;
  if (healed < 0) return [];
  const changed = new Set<unknown>();
  const read = new Set<unknown>();
  let reads = false;
  for (let i = 0; i < history.length; i++) {
    if (!isInvocation(history, i)) continue;
    const failed = history.type[history.pair[i]!] === FAIL;
    for (const [f, object] of accesses(history, i)) {
      if (!isRead(f)) {
        if (!failed) changed.add(object);
        continue;
      }
      reads = true;
      if (i > healed && succeeded(history, i)) read.add(object);
    }
  }
  const missing = [...changed].filter((object) => !read.has(object)).length;
  if (!reads || missing === 0) return [];
  if (missing === changed.size) return ['no read succeeded after the last repair'];
  return [`${missing} of ${changed.size} keys had no successful read after the last repair`];
}

/** Which function the operation that event `i` begins applies to which key; a transaction applies several. */
function accesses(history: History, i: number): (readonly unknown[])[] {
  const f = history.fName(i);
  return f === 'txn' ? microOperations(history.value(i)) : [[f, history.key(i)]];
}

function isInvocation(history: History, i: number): boolean {
  return history.type[i] === INVOKE && history.process[i] !== NEMESIS;
}

/** Whether the operation that event `i` begins succeeded. */
function succeeded(history: History, i: number): boolean {
  const end = history.pair[i]!;
  return end >= 0 && history.type[end] === OK;
}
