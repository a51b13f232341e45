import { essence } from '../../checkers/describe.ts';
import type { Key } from '../../histories/op.ts';
import { grouped } from './counts.ts';
import { cut, table } from './layout.ts';
import type { Proof, ProofRow } from './proof.ts';
import type { Style } from './style.ts';

const LONGEST_ANSWER = 32;
const LONGEST_LIST = 6;
/** Spaces between two columns of a table. */
const GAP = 2;

/** Operations that are shown of a proof that is too long to follow: what went wrong is at its end. */
const MOST_ROWS = 24;

/** The operations of a proof, a line each, the earliest first. */
export function proofTable(
  { rows: all, untimed, key }: Proof,
  { paint, width }: Style,
  indent: string,
): string {
  const rows = all.slice(-MOST_ROWS);
  const time = timeScale(rows, untimed);
  const header = ['', time.name, 'process', 'node', 'operation', 'answer'];
  const lines = rows.map((row) => [
    transactionName(row),
    `${time.show(row.start)} - ${row.end === undefined ? 'never' : time.show(row.end)}`,
    String(row.process),
    row.node ?? '',
    askedOf(row, key),
    answerOf(row),
  ]);
  const empty = header.map(
    (name, i) => (name === '' || name === 'node') && lines.every((line) => line[i] === ''),
  );
  const shown = [header, ...lines].map((line) => line.filter((_, i) => !empty[i]));
  const told = table(
    fitted(shown, width - indent.length).map((line, i) =>
      i === 0 ? line.map((name) => paint.dim(name)) : line,
    ),
    indent,
  );
  const left = all.length - rows.length;
  return left === 0
    ? told
    : `${indent}${paint.dim(`${grouped(left)} earlier operations, and then`)}\n${told}`;
}

/** Lines whose last two columns, operation and answer, are cut so that all fit. */
function fitted(lines: readonly string[][], width: number): string[][] {
  const widthOf = (column: number) => Math.max(...lines.map((line) => line.at(column)!.length));
  const answerWidth = Math.min(LONGEST_ANSWER, widthOf(-1));
  let room = width - answerWidth - GAP;
  for (let column = 0; column < lines[0]!.length - 2; column++) room -= widthOf(column) + GAP;
  return lines.map((line) => [...line.slice(0, -2), cut(line.at(-2)!, room), cut(line.at(-1)!, answerWidth)]);
}

/** What the checkers of transactions call it: by the event that told its outcome. */
function transactionName({ asked: value, last }: ProofRow): string {
  return isTransaction(value) ? `T${last}` : '';
}

interface TimeScale {
  readonly name: string;
  show(t: number): string;
}

/**
 * Seconds with as few decimals as tell the times apart; three, which are milliseconds, if those do. Histories of other
 * tools may have no times but the indices of the events, or such as say no more than their order: those are shown as they are.
 */
function timeScale(rows: readonly ProofRow[], untimed: boolean): TimeScale {
  const times = rows.flatMap(({ start, end }) => (end === undefined ? [start] : [start, end]));
  if (untimed) return { name: 'events', show: String };
  if (Math.max(...times) < 1e6) return { name: 'time (ns)', show: String };
  const shownWith = (decimals: number) => new Set(times.map((t) => (t / 1e9).toFixed(decimals)));
  const decimals = [3, 4, 5, 6].find((n) => shownWith(n).size === new Set(times).size) ?? 9;
  return { name: 'time (s)', show: (t) => (t / 1e9).toFixed(decimals) };
}

/** `write x0 7`, `txn append x 1, r y`. Of a transaction only what it did to `about`, if that says anything. */
export function askedOf({ f, key, asked: value, answered, outcome }: ProofRow, about?: Key): string {
  if (isTransaction(value)) {
    const done = isTransaction(answered) && outcome === 'ok' ? answered : value;
    const concerned = done.filter(([, object]) => object === about);
    return concerned.length === 0 || concerned.length === done.length
      ? `${f} ${transaction(done)}`
      : `${f} ${transaction(concerned)}, ...`;
  }
  const parts = [f];
  if (key !== undefined) parts.push(String(key));
  if (value !== null && value !== undefined) parts.push(plain(value));
  return parts.join(' ');
}

/** What came back, in a word or few. */
export function answerOf({ outcome, asked: value, answered, error }: ProofRow): string {
  const why = error === undefined ? '' : `: ${error}`;
  switch (outcome) {
    case 'invoke':
      return 'none';
    case 'fail':
      return `failed${why}`;
    case 'info':
      return `unknown${why}`;
    case 'ok':
      return value !== null && value !== undefined ? 'ok' : plain(essence(answered));
  }
}

type Micro = readonly [f: string, key: unknown, value?: unknown];

function isTransaction(value: unknown): value is readonly Micro[] {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((micro) => Array.isArray(micro) && micro.length >= 2 && typeof micro[0] === 'string')
  );
}

function transaction(micros: readonly Micro[]): string {
  return micros.map(([f, key, value]) => microOperation(f, key, value)).join(', ');
}

function microOperation(f: string, key: unknown, value: unknown): string {
  const object = `${f} ${plain(key)}`;
  if (f === 'r') return value === null || value === undefined ? object : `${object} = ${short(value)}`;
  return `${object} ${plain(value)}`;
}

/** A value as people write it: JSON, and bare words without their quotes. */
function plain(value: unknown): string {
  if (typeof value === 'string' && /^[\w.-]+$/.test(value)) return value;
  return value === undefined ? 'null' : (JSON.stringify(value) ?? String(value));
}

/** A list that is long by its ends: its middle is seldom the point. */
function short(value: unknown): string {
  if (!Array.isArray(value) || value.length <= LONGEST_LIST) return plain(value);
  const ends = [...value.slice(0, 2).map(plain), '...', ...value.slice(-2).map(plain)];
  return `[${ends.join(',')}]`;
}
