import type { Nanos } from '../../../world/nanos.ts';
import { SLEW_PPM } from './constants.ts';

/** A time of day made of an oscillator that only counts, and of corrections. Between steps it never goes back. */
export class DisciplinedClock {
  /** How often it was stepped. */
  steps = 0;
  private readonly oscillator: () => Nanos;
  /** What it showed when the oscillator stood at `since`, and the offset that was to be slewed away from then on. */
  private time: Nanos;
  private since: Nanos;
  private offset: Nanos = 0;

  constructor(oscillator: () => Nanos, time: Nanos) {
    this.oscillator = oscillator;
    this.since = oscillator();
    this.time = time;
  }

  read(): Nanos {
    return this.time + (this.oscillator() - this.since) + this.slewed();
  }

  /** What is left to be slewed away, ns: positive where the clock is behind. */
  remaining(): Nanos {
    return this.offset - this.slewed();
  }

  /** Goes a little faster, or slower, until the offset is gone. */
  slew(offset: Nanos): void {
    this.rebase();
    this.offset = offset;
  }

  /** Corrects the offset at once, though it may go back. */
  step(offset: Nanos): void {
    this.rebase();
    this.time += offset;
    this.offset = 0;
    this.steps++;
  }

  private slewed(): Nanos {
    const possible = Math.floor(((this.oscillator() - this.since) * SLEW_PPM) / 1e6);
    return this.offset > 0 ? Math.min(possible, this.offset) : Math.max(-possible, this.offset);
  }

  private rebase(): void {
    this.time = this.read();
    this.since = this.oscillator();
  }
}
