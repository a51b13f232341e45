import { cut, table } from './layout.ts';
import type { ProofRow } from './proof.ts';
import type { Style } from './style.ts';

const LONGEST_ANSWER = 32;

/** The operations of a proof, a line each, the earliest first. */
export function proofTable(rows: readonly ProofRow[], { paint, width }: Style, indent: string): string {
  const decimals = decimalsFor(rows);
  const seconds = (t: number) => (t / 1e9).toFixed(decimals);
  const lines = rows.map((row) => [
    `${seconds(row.start)} - ${row.end === undefined ? 'never' : seconds(row.end)}`,
    String(row.process),
    row.node ?? '',
    asked(row),
    answer(row),
  ]);
  const header = ['time (s)', 'process', 'node', 'operation', 'answer'];
  const widths = [0, 1, 2].map((i) => Math.max(...[header, ...lines].map((line) => line[i]!.length)));
  const answerWidth = Math.max(
    ...[header, ...lines].map((line) => Math.min(LONGEST_ANSWER, line[4]!.length)),
  );
  const room = width - indent.length - widths.reduce((sum, w) => sum + w + 2, 0) - answerWidth - 2;
  const fitted = lines.map((line) => [...line.slice(0, 3), cut(line[3]!, room), cut(line[4]!, answerWidth)]);
  return table([header.map((name) => paint.dim(name)), ...fitted], indent);
}

/** As few decimals as tell the times of the proof apart; three, which are milliseconds, if those do. */
function decimalsFor(rows: readonly ProofRow[]): number {
  const times = new Set(rows.flatMap(({ start, end }) => (end === undefined ? [start] : [start, end])));
  for (const decimals of [3, 4, 5, 6]) {
    const shown = new Set([...times].map((t) => (t / 1e9).toFixed(decimals)));
    if (shown.size === times.size) return decimals;
  }
  return 9;
}

/** `write x0 7`, `txn append x 1, r y`. */
function asked({ f, key, asked: value, answered, outcome }: ProofRow): string {
  if (isTransaction(value))
    return `${f} ${transaction(isTransaction(answered) && outcome === 'ok' ? answered : value)}`;
  const parts = [f];
  if (key !== undefined) parts.push(String(key));
  if (value !== null && value !== undefined) parts.push(plain(value));
  return parts.join(' ');
}

function answer({ outcome, asked: value, answered, error }: ProofRow): string {
  const why = error === undefined ? '' : `: ${error}`;
  switch (outcome) {
    case 'invoke':
      return 'none';
    case 'fail':
      return `failed${why}`;
    case 'info':
      return `unknown${why}`;
    case 'ok':
      return value !== null && value !== undefined ? 'ok' : plain(answered);
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
  if (f === 'r') return value === null || value === undefined ? object : `${object} = ${plain(value)}`;
  return `${object} ${plain(value)}`;
}

/** A value as people write it: JSON, and bare words without their quotes. */
function plain(value: unknown): string {
  if (typeof value === 'string' && /^[\w.-]+$/.test(value)) return value;
  return value === undefined ? 'null' : (JSON.stringify(value) ?? String(value));
}
