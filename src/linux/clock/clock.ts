import {
  type ClockState,
  driftClock,
  resetClock,
  stepClock,
  strobeClock,
  trueClock,
} from '../../faults/clock.ts';
import type { Nanos } from '../../world/nanos.ts';
import type { Ptrace } from '../libc.ts';
import { patchProcess, type SkewedProcess } from './patch.ts';
import { encodeSkew, type MonotonicClock, monotonicOffset, type Origin, wallOffset } from './skew.ts';
import { clockSupport } from './support.ts';

export type { MonotonicClock } from './skew.ts';

export interface ClockOptions {
  /** World time, ns since the run began. */
  readonly now: () => Nanos;
  /** The node's processes now: everything in its cgroup, or its process tree. */
  readonly processes: () => readonly number[];
  /** Whether the node's cgroup is frozen; a process that was stopped by SIGSTOP is found out anyway. */
  readonly frozen?: () => boolean;
  /** Whether a drift bends CLOCK_MONOTONIC too; default: it stays true. */
  readonly monotonic?: MonotonicClock;
  /** Told once about each process whose clock can't be skewed, with the reason. */
  readonly onRefusal?: (pid: number, why: string) => void;
}

/** A node's clock as it should be now, against true time. */
export interface ClockReading {
  /** How far the wall clock is ahead, ns, without the jumps of a strobe under way. */
  readonly wall: Nanos;
  /** How far CLOCK_MONOTONIC is ahead, ns. */
  readonly monotonic: Nanos;
  /** Processes that see it so. */
  readonly processes: number;
}

/** How often new processes of a node are looked for, ms: so long may a program that was just executed see true time. */
const LOOK_EVERY = 10;

/**
 * The clocks of one node's processes. From the first fault on every process of the node is rewritten, also those that
 * start later, and all see one clock.
 */
export class NodeClock {
  private readonly options: ClockOptions;
  private readonly origin: Origin;
  private readonly ptrace: Ptrace | null;
  private readonly monotonic: MonotonicClock;
  private readonly skewed = new Map<number, SkewedProcess>();
  private readonly reported = new Set<number>();
  private state: ClockState = trueClock(0);
  private timer: NodeJS.Timeout | null = null;

  private constructor(options: ClockOptions, ptrace: Ptrace | null) {
    this.options = options;
    this.ptrace = ptrace;
    this.monotonic = options.monotonic ?? 'true';
    const now = BigInt(options.now());
    this.origin = {
      wall: BigInt(Date.now()) * 1_000_000n - now,
      monotonic: process.hrtime.bigint() - now,
    };
  }

  /** Throws an `Error` with the reason where clocks can't be skewed (see `clockSupport`). */
  static async open(options: ClockOptions): Promise<NodeClock> {
    const support = await clockSupport();
    if (typeof support === 'string') throw new Error(support);
    return new NodeClock(options, support.ptrace);
  }

  /** The wall clock jumps by `by` ns. */
  step(by: Nanos): ClockReading {
    return this.change(stepClock(this.state, this.options.now(), by));
  }

  /** From now on the clock runs `ppm` parts in a million too fast. */
  drift(ppm: number): ClockReading {
    return this.change(driftClock(this.state, this.options.now(), ppm));
  }

  /** For `lasts` ns the wall clock jumps forth and back by `by` every `period` ns. */
  strobe(by: Nanos, period: Nanos, lasts: Nanos): ClockReading {
    return this.change(strobeClock(this.state, this.options.now(), by, period, lasts));
  }

  /** True time and rate again; a bent CLOCK_MONOTONIC keeps what it has counted. */
  reset(): ClockReading {
    return this.change(resetClock(this.state, this.options.now(), 0));
  }

  /** Where the clock should be now. */
  reading(): ClockReading {
    const t = this.options.now();
    return {
      wall: wallOffset({ ...this.state, strobe: null }, t),
      monotonic: monotonicOffset(this.state, t, this.monotonic),
      processes: this.skewed.size,
    };
  }

  /**
   * Skews processes that are new since the last time. Call it when a process was started, so that it is not left to see
   * true time until the next look. Nothing happens before the first fault.
   */
  apply(): void {
    if (this.timer === null) return;
    const pids = new Set(this.options.processes());
    for (const [pid, skewed] of this.skewed) {
      if (pids.has(pid) && skewed.lives()) continue;
      skewed.close();
      this.skewed.delete(pid);
    }
    const frozen = this.options.frozen?.() ?? false;
    for (const pid of pids) {
      if (!this.skewed.has(pid)) this.patch(pid, frozen);
    }
  }

  /** Looks for new processes no more; those that run keep the clock that they have. */
  close(): void {
    if (this.timer !== null) clearInterval(this.timer);
    this.timer = null;
    for (const skewed of this.skewed.values()) skewed.close();
    this.skewed.clear();
  }

  private change(state: ClockState): ClockReading {
    this.state = state;
    this.timer ??= setInterval(() => this.apply(), LOOK_EVERY).unref();
    const block = this.block();
    for (const skewed of this.skewed.values()) skewed.give(block);
    this.apply();
    return this.reading();
  }

  private patch(pid: number, frozen: boolean): void {
    try {
      const result = patchProcess(pid, this.block(), { frozen, ptrace: this.ptrace });
      if (typeof result !== 'string') this.skewed.set(pid, result);
    } catch (error) {
      // Tried again at every look, because it may execute another program; told once.
      if (this.reported.has(pid)) return;
      this.reported.add(pid);
      this.options.onRefusal?.(pid, (error as Error).message);
    }
  }

  private block(): Uint8Array {
    return encodeSkew(this.state, this.origin, this.monotonic);
  }
}
