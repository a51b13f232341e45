import type { History } from '../histories/history.ts';
import { FAIL, INVOKE, type Key, NEMESIS, OK } from '../histories/op.ts';

const UNITS = [
  ['s', 1e9],
  ['ms', 1e6],
  ['us', 1e3],
] as const;

/** A time or span of `t` nanoseconds as people read it: `1.204 s`, `3.5 ms`, `0 s`. */
export function formatTime(t: number): string {
  for (const [unit, size] of UNITS) {
    if (Math.abs(t) >= size) return `${Math.round((t / size) * 1000) / 1000} ${unit}`;
  }
  return t === 0 ? '0 s' : `${t} ns`;
}

const MAX_VALUE_LENGTH = 80;

/** A value as JSON; when it is long cut, or of a list the first and last elements, and how many there are. */
export function formatValue(value: unknown): string {
  const text = value === undefined ? 'null' : (JSON.stringify(value) ?? String(value));
  if (text.length <= MAX_VALUE_LENGTH) return text;
  const ends = Array.isArray(value) ? endsOf(value) : '';
  return ends !== '' && ends.length <= MAX_VALUE_LENGTH ? ends : `${text.slice(0, MAX_VALUE_LENGTH - 3)}...`;
}

/** So many elements are shown at either end of a long list. */
const SHOWN = 4;

/** `[1,2,3,4, ... 997,998,999,1000] (1000 elements)`; nothing where that would leave out no element. */
function endsOf(values: readonly unknown[]): string {
  if (values.length <= 2 * SHOWN) return '';
  const [first, last] = [values.slice(0, SHOWN), values.slice(-SHOWN)].map((end) =>
    JSON.stringify(end).slice(1, -1),
  );
  return `[${first}, ... ${last}] (${values.length} elements)`;
}

/** A message in which each sentence that begins with an operation begins with a capital letter. */
export function asSentences(message: string): string {
  return message.replace(/(^|\. )(process \d+'s |the nemesis's )/g, (_, before: string, who: string) => {
    return `${before}${who.charAt(0).toUpperCase()}${who.slice(1)}`;
  });
}

/** What people want to see of an answer: of a replicated object its state, without which updates are in it. */
export function essence(answer: unknown): unknown {
  if (typeof answer !== 'object' || answer === null || Array.isArray(answer)) return answer;
  if ('state' in answer && ('updates' in answer || 'update' in answer)) return answer.state;
  return 'update' in answer && 'saw' in answer ? null : answer;
}

/** ` of key "x"`, or nothing when there is just one object. */
export function ofKey(key: Key | undefined): string {
  return key === undefined ? '' : ` of key ${formatValue(key)}`;
}

/** `a`, `a and b`, `a, b and c`. */
export function list(names: readonly string[]): string {
  if (names.length < 2) return names.join('');
  return `${names.slice(0, -1).join(', ')} and ${names[names.length - 1]}`;
}

/** `1 read`, `2 reads`. */
export function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}

/**
 * The operation that event `i` begins or ends, in one phrase: `process 3's write("x", 7) at n2 (1.2 s to 1.31 s)`,
 * `process 4's read("x") = 7 at n1 (2 s to 2.1 s)`.
 */
export function describeOp(history: History, i: number): string {
  const other = history.pair[i]!;
  const started = history.type[i] === INVOKE;
  const begin = started ? i : other;
  const end = started ? other : i;
  const any = begin < 0 ? end : begin;
  const who = history.process[any] === NEMESIS ? "the nemesis's" : `process ${history.process[any]}'s`;
  const node = (end < 0 ? undefined : history.node(end)) ?? history.node(any);
  const where = node === undefined ? '' : ` at ${node}`;
  return `${who} ${call(history, begin, end)}${where} (${when(history, begin, end)})`;
}

function call(history: History, begin: number, end: number): string {
  const any = begin < 0 ? end : begin;
  const key = history.key(any);
  const argument = begin < 0 ? undefined : history.value(begin);
  const given = argument === undefined || argument === null ? undefined : formatValue(argument);
  const answer = end >= 0 && history.type[end] === OK ? formatValue(essence(history.value(end))) : undefined;
  const parts = key === undefined ? [] : [formatValue(key)];
  if (given !== undefined) parts.push(given);
  const result = answer === undefined || answer === given ? '' : ` = ${answer}`;
  // An acknowledgement without a value says nothing worth printing.
  const silent = given !== undefined && answer === 'null';
  return `${history.fName(any)}(${parts.join(', ')})${silent ? '' : result}`;
}

function when(history: History, begin: number, end: number): string {
  const untimed = isUntimed(history);
  const at = (i: number) => (untimed ? String(history.time[i]) : formatTime(history.time[i]!));
  const one = untimed ? 'event ' : '';
  if (begin < 0) return `${one}${at(end)}`;
  if (end < 0) return `${one}${at(begin)}, never answered`;
  const span = `${untimed ? 'events ' : ''}${at(begin)} to ${at(end)}`;
  if (history.type[end] === OK) return span;
  return `${span}, ${history.type[end] === FAIL ? 'failed' : 'outcome unknown'}`;
}

/** Whether indices stand for the times of events: no clock goes on by one nanosecond from event to event to the last. */
export function isUntimed(history: History): boolean {
  const last = history.length - 1;
  return last > 0 && history.time[last] === history.origin(last);
}
