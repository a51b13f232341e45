import type { Nanos } from '../../world/nanos.ts';

/** The longest that a timer of Node can wait, ms. */
const LONGEST = 2 ** 31 - 1;

/** Named timers, by the machine's monotonic clock; none goes off early. */
export class Timers {
  private readonly onTimer: (name: string) => void;
  private readonly armed = new Map<string, NodeJS.Timeout>();

  constructor(onTimer: (name: string) => void) {
    this.onTimer = onTimer;
  }

  set(name: string, delay: Nanos): void {
    this.cancel(name);
    this.wait(name, process.hrtime.bigint() + BigInt(Math.max(0, Math.round(delay))));
  }

  cancel(name: string): void {
    clearTimeout(this.armed.get(name));
    this.armed.delete(name);
  }

  /** A timer of Node waits whole milliseconds, may be early by less than one, and can't wait for a month. */
  private wait(name: string, deadline: bigint): void {
    const left = Number(deadline - process.hrtime.bigint());
    const timer = setTimeout(
      () => {
        if (process.hrtime.bigint() < deadline) {
          this.wait(name, deadline);
          return;
        }
        this.armed.delete(name);
        this.onTimer(name);
      },
      Math.min(LONGEST, Math.ceil(left / 1e6)),
    );
    this.armed.set(name, timer);
  }
}
