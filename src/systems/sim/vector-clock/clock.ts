import type { LogicalClock } from '../shared/event-log.ts';

/** Of each node, how many of its events are known: its own place is the clock's own. */
export type VectorStamp = readonly number[];

/** A counter for each node (Mattern 1989; Fidge 1988). */
export class VectorClock implements LogicalClock<VectorStamp> {
  private readonly time: number[];
  private readonly own: number;
  private readonly bugs: ReadonlySet<string>;

  /** The clock of node number `own` of `nodes`. */
  constructor(own: number, nodes: number, bugs: ReadonlySet<string>) {
    this.time = new Array(nodes).fill(0);
    this.own = own;
    this.bugs = bugs;
  }

  local(): VectorStamp {
    return this.tick();
  }

  send(): VectorStamp {
    return this.tick();
  }

  /** Knows now what the sender knew (the supremum of both, Mattern 1989, section 4), and one event more. */
  receive(stamp: VectorStamp): VectorStamp {
    stamp.forEach((known, node) => {
      const overwrites = this.bugs.has('merge-overwrites') && node !== this.own;
      this.time[node] = overwrites ? known : Math.max(this.time[node]!, known);
    });
    return this.bugs.has('own-entry-not-incremented') ? this.time.slice() : this.tick();
  }

  private tick(): VectorStamp {
    this.time[this.own]!++;
    return this.time.slice();
  }
}
