import type { LogicalClock } from '../shared/event-log.ts';

/** One counter (Lamport 1978). */
export class LamportClock implements LogicalClock<number> {
  private time = 0;
  private readonly bugs: ReadonlySet<string>;

  constructor(bugs: ReadonlySet<string>) {
    this.bugs = bugs;
  }

  /** IR1: the counter grows between any two events of a node. */
  local(): number {
    return ++this.time;
  }

  /** IR2 (a): the message carries the timestamp of its sending. */
  send(): number {
    return ++this.time;
  }

  /** IR2 (b): the receipt comes after all that its node has seen, and after the sending. */
  receive(stamp: number): number {
    const seen = this.bugs.has('missing-max') ? this.time : Math.max(this.time, stamp);
    this.time = this.bugs.has('no-increment-on-receive') ? seen : seen + 1;
    return this.time;
  }
}
