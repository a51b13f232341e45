import { setTimeout as sleep } from 'node:timers/promises';
import type { Nanos } from '../../world/nanos.ts';
import type { NodeClock } from './clock.ts';

/** What a server said when it was asked its time. */
export interface ClockProbe {
  /** Whether that is what its skewed clock should show. */
  readonly sees: boolean;
  /** How far its clock was ahead by its own words, ns. */
  readonly seen: Nanos;
  /** How far it should have been ahead. */
  readonly expected: Nanos;
  /** How exact the answer is: half of the time that asking took, and the granularity of the answer. */
  readonly within: Nanos;
}

/** Asks a server its wall clock: `ask` answers in nanoseconds since 1970, exact to `granularity` ns. */
export async function probeClock(
  clock: NodeClock,
  ask: () => Promise<number>,
  granularity: Nanos,
): Promise<ClockProbe> {
  const before = Date.now() * 1e6;
  const told = await ask();
  const after = Date.now() * 1e6;
  const seen = Math.round(told - (before + after) / 2);
  const expected = clock.reading().wall;
  const within = (after - before) / 2 + granularity + 1e6;
  return { sees: Math.abs(seen - expected) <= within, seen, expected, within };
}

/** On a busy machine a process would not stop in time, and is rewritten at a later look (ms). */
const PATIENCE = 5_000;
const ASK_EVERY = 50;

/**
 * Shows that skew reaches a server: moves its clock by `by` ns, asks, moves it back, asks again. For the start of a run,
 * when nobody yet relies on the server's clock: a program that makes the system call itself is found out here.
 */
export async function proveSkew(
  clock: NodeClock,
  ask: () => Promise<number>,
  granularity: Nanos,
  by: Nanos,
): Promise<readonly [skewed: ClockProbe, restored: ClockProbe]> {
  clock.step(by);
  try {
    const deadline = Date.now() + PATIENCE;
    let skewed = await probeClock(clock, ask, granularity);
    while (!skewed.sees && Date.now() < deadline) {
      await sleep(ASK_EVERY);
      skewed = await probeClock(clock, ask, granularity);
    }
    clock.reset();
    return [skewed, await probeClock(clock, ask, granularity)];
  } finally {
    clock.reset();
  }
}
