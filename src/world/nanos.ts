import type { Nanos } from '../../histories/op.ts';
import { UsageError } from './usage-error.ts';

export type { Nanos };

export const MICROSECOND: Nanos = 1_000;
export const MILLISECOND: Nanos = 1_000_000;
export const SECOND: Nanos = 1_000_000_000;
export const MINUTE: Nanos = 60 * SECOND;
export const HOUR: Nanos = 60 * MINUTE;

const UNITS: Readonly<Record<string, Nanos>> = {
  ns: 1,
  us: MICROSECOND,
  ms: MILLISECOND,
  s: SECOND,
  m: MINUTE,
  h: HOUR,
};

/** Reads `500ms`, `1.5s`, `2m`, `0`; throws a `UsageError` that names `where` for anything else. */
export function parseDuration(text: string, where: string): Nanos {
  const match = /^(\d+(?:\.\d+)?)(ns|us|ms|s|m|h)$/.exec(text.trim());
  if (match !== null) return Math.round(Number(match[1]) * UNITS[match[2]!]!);
  if (text.trim() === '0') return 0;
  throw new UsageError(
    `${where}: "${text}" is not a duration; write a number and a unit: 500ms, 30s, 2m, 1h`,
  );
}

/** The shortest way to write a duration that `parseDuration` reads back: `1.5s`. */
export function formatDuration(t: Nanos): string {
  if (t === 0) return '0';
  for (const unit of ['h', 'm', 's', 'ms', 'us']) {
    const size = UNITS[unit]!;
    const count = t / size;
    if (Math.abs(count) >= 1 && Math.round(count * 1000) * size === t * 1000)
      return `${Math.round(count * 1000) / 1000}${unit}`;
  }
  return `${t}ns`;
}
