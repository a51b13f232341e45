import type { RandomStream } from '../src/world/random.ts';

/**
 * A whole number in [from, to], 0 < from, small ones as likely as large: each doubling of `from` has the same chance.
 * Doubling and multiplication only, because `Math.exp` may differ in its last bits between engines.
 */
export function logScale(random: RandomStream, from: number, to: number): number {
  if (to <= from) return to;
  let doublings = 0;
  for (let top = from; top < to; top *= 2) doublings++;
  const low = from * 2 ** random.int(doublings);
  const high = Math.min(2 * low, to);
  return Math.round(low + random.float() * (high - low));
}
