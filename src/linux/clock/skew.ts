import { type ClockState, monotonicAt, wallAt } from '../../faults/clock.ts';

/** Whether a drifting oscillator bends a node's CLOCK_MONOTONIC too, or only its wall clock. */
export type MonotonicClock = 'true' | 'drifts';

/** When the run began, on the machine's own clocks, ns. */
export interface Origin {
  /** CLOCK_REALTIME. */
  readonly wall: bigint;
  /** CLOCK_MONOTONIC. */
  readonly monotonic: bigint;
}

/** Bytes of one block of parameters: ten signed 64-bit words. */
export const BLOCK_BYTES = 80;

/** Where the words of a block stand; `src/linux/clock/routine.ts` reads them. All in nanoseconds but ppm. */
export const WALL = { offset: 0, since: 8, ppm: 16 } as const;
export const MONOTONIC = { offset: 24, since: 32, ppm: 40 } as const;
export const STROBE = { by: 48, from: 56, period: 64, until: 72 } as const;

/**
 * A node's clock as what must be added to the machine's: `offset + (t - since) * ppm / 1e6`, and `by` in every other
 * period of a strobe. `state` counts its wall clock from 0 at the beginning of the run.
 */
export function encodeSkew(state: ClockState, origin: Origin, monotonic: MonotonicClock): Uint8Array {
  const block = new DataView(new ArrayBuffer(BLOCK_BYTES));
  const put = (at: number, value: bigint) => block.setBigInt64(at, value, true);
  const since = BigInt(state.since);
  const ppm = BigInt(state.ppm);
  put(WALL.offset, BigInt(state.wall - state.since));
  put(WALL.since, origin.wall + since);
  put(WALL.ppm, ppm);
  if (monotonic === 'drifts') {
    put(MONOTONIC.offset, BigInt(state.monotonic - state.since));
    put(MONOTONIC.since, origin.monotonic + since);
    put(MONOTONIC.ppm, ppm);
  }
  const { strobe } = state;
  if (strobe !== null) {
    put(STROBE.by, BigInt(strobe.by));
    put(STROBE.from, origin.wall + BigInt(strobe.from));
    put(STROBE.period, BigInt(strobe.period));
    put(STROBE.until, origin.wall + BigInt(strobe.until));
  }
  return new Uint8Array(block.buffer);
}

/** By how much the wall clock is ahead of the true time at `t`, ns. */
export function wallOffset(state: ClockState, t: number): number {
  return wallAt(state, t) - t;
}

/** By how much the monotonic clock is ahead of the true one at `t`, ns, if it drifts at all. */
export function monotonicOffset(state: ClockState, t: number, monotonic: MonotonicClock): number {
  return monotonic === 'drifts' ? monotonicAt(state, t) - t : 0;
}
