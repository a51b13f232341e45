import type { CutMode } from './fault.ts';
import { drawLatency, type Latency } from './latency.ts';
import type { Dice } from './random.ts';

/** What one directed link does to packets. Plain data; the worlds carry it out. */
export interface LinkPolicy {
  readonly latency: Latency;
  /** Probability that a packet vanishes. */
  readonly loss: number;
  /** Probability that a packet arrives twice. */
  readonly duplicate: number;
  /** Probability that a packet is held back and may be overtaken by later ones. */
  readonly reorder: number;
  /** Probability that one bit of a packet of bytes is flipped. */
  readonly corrupt: number;
  /** Bytes a second; 0 means no limit. */
  readonly bandwidth: number;
  readonly cut: CutMode | 'none';
}

/** A quiet local network: 0.2 ms and a short tail. */
export const HEALTHY_LINK: LinkPolicy = {
  latency: { base: 200_000, tail: 300_000 },
  loss: 0,
  duplicate: 0,
  reorder: 0,
  corrupt: 0,
  bandwidth: 0,
  cut: 'none',
};

/** A held-back packet comes this much later than its latency would have it, exponentially distributed (mean, ns). */
const REORDER_TAIL: Latency = { base: 0, tail: 5_000_000 };

/** What one link remembers between packets: all of it is plain numbers. */
export interface LinkState {
  /** When the last packet in order arrives; a later one does not overtake it. */
  lastArrival: number;
  /** When the line is free again, under a bandwidth limit. */
  busyUntil: number;
}

/** A packet that vanishes. */
export const LOST = -1;

/**
 * When a packet sent at `now` arrives (ns), or `LOST`. A link keeps its packets in order, as TCP and most LANs do,
 * except for those drawn to be held back. `bytes` matters only under a bandwidth limit.
 */
export function arrival(
  policy: LinkPolicy,
  state: LinkState,
  now: number,
  bytes: number,
  dice: Dice,
): number {
  if (policy.cut !== 'none') return LOST;
  if (policy.loss > 0 && dice.float() < policy.loss) return LOST;
  let leaves = now;
  if (policy.bandwidth > 0) {
    leaves = Math.max(now, state.busyUntil) + Math.round((bytes * 1e9) / policy.bandwidth);
    state.busyUntil = leaves;
  }
  const at = leaves + drawLatency(policy.latency, dice);
  if (policy.reorder > 0 && dice.float() < policy.reorder) return at + drawLatency(REORDER_TAIL, dice);
  state.lastArrival = Math.max(at, state.lastArrival);
  return state.lastArrival;
}

/** What was held up on a link whose policy is lifted at `now` arrives by then (ns), and holds up nothing that follows. */
export function release(policy: LinkPolicy, state: LinkState, now: number): number {
  const by = now + policy.latency.base;
  state.lastArrival = Math.min(state.lastArrival, by);
  state.busyUntil = Math.min(state.busyUntil, now);
  return by;
}

/** When a second copy of a packet sent at `now` straggles in (ns), or `LOST` when the link makes none. */
export function secondArrival(policy: LinkPolicy, now: number, dice: Dice): number {
  if (policy.cut !== 'none' || policy.duplicate === 0 || dice.float() >= policy.duplicate) return LOST;
  return now + drawLatency(policy.latency, dice) + drawLatency(REORDER_TAIL, dice);
}

/** The packet with one bit flipped, if the link draws so; the original is left alone. */
export function corrupted(policy: LinkPolicy, bytes: Uint8Array, dice: Dice): Uint8Array {
  if (policy.corrupt === 0 || bytes.length === 0 || dice.float() >= policy.corrupt) return bytes;
  const bit = dice.int(bytes.length * 8);
  const copy = bytes.slice();
  copy[bit >> 3]! ^= 1 << (bit & 7);
  return copy;
}
