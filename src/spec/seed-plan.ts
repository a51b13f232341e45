import type { Nanos } from '../world/nanos.ts';
import type { Seed } from '../world/random.ts';
import { UsageError } from '../world/usage-error.ts';

/** Under which seeds something runs, in which order. */
export interface SeedPlan {
  readonly ranges: readonly SeedRange[];
  /** For how long seeds are drawn, where the ranges have no end; absent: until somebody stops it. */
  readonly until?: Nanos;
}

/** Whole numbers, both ends included, or a single text. */
export type SeedRange = { readonly from: number; readonly to: number } | { readonly text: string };

/** Whole numbers from `from` on, without end. */
export function endless(from: number, until?: Nanos): SeedPlan {
  return { ranges: [{ from, to: Number.POSITIVE_INFINITY }], ...(until === undefined ? {} : { until }) };
}

/** The numbers `from` to `to`. */
export function seedRange(from: number, to: number): SeedPlan {
  return { ranges: [{ from, to }] };
}

/** How many seeds there are; may be infinite. */
export function seedCount({ ranges }: SeedPlan): number {
  return ranges.reduce((sum, range) => sum + lengthOf(range), 0);
}

/** The seed at a position from 0 on; undefined behind the last. */
export function seedAt({ ranges }: SeedPlan, position: number): Seed | undefined {
  let left = position;
  for (const range of ranges) {
    const length = lengthOf(range);
    if (left < length) return 'text' in range ? range.text : range.from + left;
    left -= length;
  }
  return undefined;
}

/** Where a seed stands in the plan; undefined if it doesn't. */
export function positionOf({ ranges }: SeedPlan, seed: Seed): number | undefined {
  let before = 0;
  for (const range of ranges) {
    if ('text' in range) {
      if (range.text === seed) return before;
    } else if (typeof seed === 'number' && seed >= range.from && seed <= range.to) {
      return before + seed - range.from;
    }
    before += lengthOf(range);
  }
  return undefined;
}

/**
 * Reads `7`, `1..100`, `nightly`, or a list of such. Throws a `UsageError` for a range that is none, and for seeds that
 * stand there twice: their runs would count once.
 */
export function readSeeds(given: unknown): SeedPlan {
  const ranges = (Array.isArray(given) ? given : [given]).map(readSeedRange);
  if (ranges.length === 0) refuse('expected at least one seed');
  refuseRepeated(ranges);
  return { ranges };
}

/** Seeds one after another as a user writes them: `1..50, 77, nightly`. */
export function formatSeeds({ ranges, until }: SeedPlan): string {
  const texts = ranges.map((range) => {
    if ('text' in range) return range.text;
    if (range.to === Number.POSITIVE_INFINITY) return `from ${range.from} on`;
    return range.from === range.to ? String(range.from) : `${range.from}..${range.to}`;
  });
  return until === undefined ? texts.join(', ') : `${texts.join(', ')} for a time`;
}

function readSeedRange(given: unknown): SeedRange {
  if (typeof given === 'number') return singleNumber(given);
  if (typeof given !== 'string' || given.trim() === '')
    refuse('expected numbers, ranges like 1..100, or texts');
  const match = /^(\d+)\.\.(\d+)$/.exec(given.trim());
  if (match === null) return { text: given };
  const [from, to] = [Number(match[1]), Number(match[2])];
  if (from > to) refuse(`the range ${given} is empty; write ${to}..${from}`);
  if (!Number.isSafeInteger(to)) refuse(`the range ${given} is too long`);
  return { from, to };
}

function refuseRepeated(ranges: readonly SeedRange[]): void {
  for (const [i, a] of ranges.entries())
    for (const b of ranges.slice(i + 1)) {
      const twice =
        'text' in a || 'text' in b
          ? 'text' in a && 'text' in b && a.text === b.text
          : a.from <= b.to && b.from <= a.to;
      if (twice) refuse(`${formatSeeds({ ranges: [a] })} and ${formatSeeds({ ranges: [b] })} share seeds`);
    }
}

function lengthOf(range: SeedRange): number {
  return 'text' in range ? 1 : range.to - range.from + 1;
}

function singleNumber(seed: number): SeedRange {
  // A range counts in whole steps; any other number is as good a seed as a text.
  return Number.isSafeInteger(seed) ? { from: seed, to: seed } : { text: String(seed) };
}

function refuse(message: string): never {
  throw new UsageError(message);
}
