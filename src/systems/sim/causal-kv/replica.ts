import type { NodeId } from '../../../faults/fault.ts';
import { isLater, NEVER } from '../shared/timestamp.ts';
import { covers, type Vector } from '../shared/vector.ts';
import type { Write } from './messages.ts';

/** Writes for one node in one message, at most, of each origin. */
const BATCH = 100;

/** The state of a replica: plain data and what can be done with it, without any effect outside. */
export class Replica {
  /** Of each origin, the writes that were applied, in their order. */
  private readonly logs = new Map<NodeId, Write[]>();
  /** Of each key the write that wins. */
  private readonly latest = new Map<string, Write>();
  /** Received, but something that they depend on is missing. In memory only: they are sent again. */
  private held = new Map<string, Write>();
  /** Lamport's clock (1978): no applied write has a later time. */
  private clock = 0;

  get applied(): Vector {
    return Object.fromEntries([...this.logs].map(([origin, log]) => [origin, log.length]));
  }

  read(key: string): Write | undefined {
    return this.latest.get(key);
  }

  /** The next write of this node; not applied yet. */
  newWrite(origin: NodeId, key: string, value: unknown, dependencies: Vector): Write {
    const ts = { n: this.clock + 1, writer: origin };
    return { key, value, ts, origin, number: this.logOf(origin).length + 1, dependencies };
  }

  /**
   * Takes a write in and returns all that can be applied now, in order: a write waits for those of its origin before it
   * and for its dependencies (Lloyd et al. 2011, §4.3, where the replica asks others; here it has all keys itself).
   */
  receive(write: Write): Write[] {
    this.held.set(`${write.origin}.${write.number}`, write);
    const out: Write[] = [];
    for (let next = this.applicable(); next !== undefined; next = this.applicable()) {
      this.held.delete(`${next.origin}.${next.number}`);
      this.apply(next);
      out.push(next);
    }
    return out;
  }

  /** Shows the write to readers. What it depends on must be applied. */
  apply(write: Write): void {
    this.logOf(write.origin).push(write);
    this.clock = Math.max(this.clock, write.ts.n);
    // The later one wins, on every replica the same, and causality agrees with the clock.
    if (isLater(write.ts, this.latest.get(write.key)?.ts ?? NEVER)) this.latest.set(write.key, write);
  }

  /** Every applied write, those of one origin in order. */
  all(): Write[] {
    return [...this.logs.values()].flat();
  }

  /** Some of what a replica lacks that has applied so much; the first first. */
  missing(applied: Vector): Write[] {
    return [...this.logs].flatMap(([origin, log]) => {
      const from = applied[origin] ?? 0;
      return log.slice(from, from + BATCH);
    });
  }

  private applicable(): Write | undefined {
    const { applied } = this;
    for (const write of this.held.values()) {
      const { origin, number, dependencies } = write;
      const turn = (applied[origin] ?? 0) + 1;
      if (number < turn) this.held.delete(`${origin}.${number}`);
      else if (number === turn && covers(applied, dependencies)) return write;
    }
    return undefined;
  }

  private logOf(origin: NodeId): Write[] {
    let log = this.logs.get(origin);
    if (log === undefined) this.logs.set(origin, (log = []));
    return log;
  }
}
