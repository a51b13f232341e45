import { randomInt } from 'node:crypto';
import type { Seed } from '../world/random.ts';

/** A seed that nobody chose: short enough to read out. */
export function freshSeed(): Seed {
  return randomInt(1, 100_000_000);
}

/** A seed as typed: a whole number where it is one, so that its neighbours can follow it. */
export function readSeed(text: string): Seed {
  const n = Number(text);
  return Number.isSafeInteger(n) && String(n) === text ? n : text;
}

/** `count` seeds, this one first: 7, 8, 9 ... or week, week-2, week-3 ... */
export function seedsFrom(first: Seed, count: number): Seed[] {
  return Array.from({ length: count }, (_, i) => seedAfter(first, i));
}

/** The same without end. */
export function* endlessSeeds(first: Seed): Generator<Seed> {
  for (let i = 0; ; i++) yield seedAfter(first, i);
}

function seedAfter(first: Seed, i: number): Seed {
  if (typeof first === 'number') return first + i;
  return i === 0 ? first : `${first}-${i + 1}`;
}
