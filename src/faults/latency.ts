import type { Dice } from './random.ts';

/**
 * How long a packet or an fsync takes: `base` plus an exponentially distributed `tail` (its mean), nanoseconds.
 * Real links look like this: a floor, and a tail that is rarely long.
 */
export interface Latency {
  readonly base: number;
  readonly tail: number;
}

export function drawLatency(latency: Latency, dice: Dice): number {
  if (latency.tail === 0) return latency.base;
  return Math.round(latency.base + latency.tail * exponential(dice));
}

/**
 * A variate of the unit exponential by von Neumann's comparison method (1951; Knuth, TAOCP 2, 3.4.1, algorithm S is
 * its descendant): comparisons and additions only, so every machine and engine draws the same bits, which `Math.log`
 * does not promise.
 */
export function exponential(dice: Dice): number {
  for (let whole = 0; ; whole++) {
    const first = dice.float();
    let previous = first;
    let runs = 1;
    for (;;) {
      const next = dice.float();
      if (next >= previous) break;
      previous = next;
      runs++;
    }
    if (runs % 2 === 1) return whole + first;
  }
}
