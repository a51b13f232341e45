/** A forth-and-back jump of the wall clock, every `period` until `until` (true time, ns). */
export interface Strobe {
  readonly by: number;
  readonly period: number;
  readonly from: number;
  readonly until: number;
}

/** An NTP-like correction: every `every` ns the wall clock is compared with true time. */
export interface ClockCorrection {
  readonly every: number;
  /** Offsets beyond this are stepped away at once, smaller ones slewed (ns; NTP: 125 ms). */
  readonly stepAbove: number;
  /** How fast an offset is slewed away (parts in a million; NTP: 500). */
  readonly slewPpm: number;
}

export const NTP: ClockCorrection = { every: 16_000_000_000, stepAbove: 125_000_000, slewPpm: 500 };

/**
 * A node's clocks as piecewise linear functions of true time: from `since` on, the oscillator runs `ppm` too fast,
 * and the wall clock is slewed by `slewPpm` on top. Immutable: each change makes a new segment.
 */
export interface ClockState {
  readonly since: number;
  readonly monotonic: number;
  readonly wall: number;
  readonly ppm: number;
  readonly slewPpm: number;
  readonly slewUntil: number;
  readonly strobe: Strobe | null;
}

/** A true clock whose wall time at the beginning of the run is `epoch` (ns). */
export function trueClock(epoch: number): ClockState {
  return { since: 0, monotonic: 0, wall: epoch, ppm: 0, slewPpm: 0, slewUntil: 0, strobe: null };
}

/** The monotonic clock at true time `t`, ns; never goes back. */
export function monotonicAt(c: ClockState, t: number): number {
  const d = t - c.since;
  return c.monotonic + d + Math.round((d * c.ppm) / 1e6);
}

/** The wall clock at true time `t`, ns. */
export function wallAt(c: ClockState, t: number): number {
  return steadyWallAt(c, t) + strobeAt(c.strobe, t);
}

/** How long a timer of `delay` on this oscillator takes in true time, ns; by its own clock it is never early. */
export function trueDuration(c: ClockState, delay: number): number {
  return c.ppm === 0 ? delay : Math.ceil(delay / (1 + c.ppm / 1e6));
}

/** The wall clock jumps by `by`. */
export function stepClock(c: ClockState, t: number, by: number): ClockState {
  const now = rebase(c, t);
  return { ...now, wall: now.wall + by };
}

/** From `t` on the oscillator is `ppm` too fast. */
export function driftClock(c: ClockState, t: number, ppm: number): ClockState {
  return { ...rebase(c, t), ppm };
}

export function strobeClock(c: ClockState, t: number, by: number, period: number, lasts: number): ClockState {
  return { ...rebase(c, t), strobe: { by, period, from: t, until: t + lasts } };
}

/** True wall time and rate again; the monotonic clock keeps what it has counted. */
export function resetClock(c: ClockState, t: number, epoch: number): ClockState {
  return { ...rebase(c, t), wall: epoch + t, ppm: 0, slewPpm: 0, slewUntil: 0, strobe: null };
}

/** What an NTP client does at a poll: steps a large offset away, slews a small one. */
export function correctClock(c: ClockState, t: number, epoch: number, ntp: ClockCorrection): ClockState {
  const now = rebase(c, t);
  const ahead = now.wall - (epoch + t);
  if (Math.abs(ahead) > ntp.stepAbove) return { ...now, wall: epoch + t, slewPpm: 0, slewUntil: 0 };
  const slewPpm = ahead > 0 ? -ntp.slewPpm : ntp.slewPpm;
  return { ...now, slewPpm, slewUntil: t + Math.round((Math.abs(ahead) * 1e6) / ntp.slewPpm) };
}

function rebase(c: ClockState, t: number): ClockState {
  const slewing = t < c.slewUntil;
  return {
    since: t,
    monotonic: monotonicAt(c, t),
    wall: steadyWallAt(c, t),
    ppm: c.ppm,
    slewPpm: slewing ? c.slewPpm : 0,
    slewUntil: slewing ? c.slewUntil : 0,
    strobe: c.strobe !== null && t < c.strobe.until ? c.strobe : null,
  };
}

function steadyWallAt(c: ClockState, t: number): number {
  const d = t - c.since;
  const slewed = Math.max(0, Math.min(t, c.slewUntil) - c.since);
  return c.wall + d + Math.round((d * c.ppm + slewed * c.slewPpm) / 1e6);
}

function strobeAt(s: Strobe | null, t: number): number {
  if (s === null || t < s.from || t >= s.until) return 0;
  return Math.floor((t - s.from) / s.period) % 2 === 0 ? s.by : 0;
}
