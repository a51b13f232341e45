/** To tell what everybody knows, so many clock entries are read for each operation that goes by. */
const LOOKS = 4;

/** Operations in sessions: those of session `s` are `start[s]` to `start[s + 1] - 1`. */
export interface InSessions {
  readonly count: number;
  readonly start: Int32Array;
}

/** A causal order of operations. */
export interface Causality {
  /** How many operations of session `s` happened before an operation, or are that operation. */
  known(op: number, s: number): number;
  writes(op: number): boolean;
  /** Where an operation stands in a sequence that keeps the order. */
  placeOf(op: number): number;
}

/**
 * While all operations go by in a sequence that keeps causality: before which place every write is known to each session
 * that goes on. What one operation knows and another one doesn't are then writes from there on.
 */
export class Settled {
  private readonly sessions: InSessions;
  private readonly causality: Causality;
  private readonly interval: number;
  /** By session: the operation that it did last, or -1, and its first write that somebody may not know. */
  private readonly last: Int32Array;
  private readonly pending: Int32Array;
  private before = 0;

  constructor(sessions: InSessions, causality: Causality) {
    const { count, start } = sessions;
    this.sessions = sessions;
    this.causality = causality;
    this.interval = Math.max(1, Math.ceil((count * count) / LOOKS));
    this.last = new Int32Array(count).fill(-1);
    this.pending = start.slice(0, count);
  }

  /** Takes the next operation, of session `s`; returns the place before which it knows every write. */
  pass(place: number, op: number, s: number): number {
    if (place % this.interval === 0) this.look();
    this.last[s] = op;
    return this.before;
  }

  private look(): void {
    const { count, start } = this.sessions;
    const { causality, pending } = this;
    let before = Number.POSITIVE_INFINITY;
    for (let s = 0; s < count; s++) {
      const end = start[s + 1]!;
      let op = Math.max(pending[s]!, start[s]! + this.knownToAll(s));
      while (op < end && !causality.writes(op)) op++;
      pending[s] = op;
      if (op < end) before = Math.min(before, causality.placeOf(op));
    }
    this.before = before;
  }

  /** How many operations of session `s` are known to every session that goes on. */
  private knownToAll(s: number): number {
    const { count, start } = this.sessions;
    let least = start[s + 1]! - start[s]!;
    for (let p = 0; p < count && least > 0; p++) {
      const last = this.last[p]!;
      if (last < 0 ? start[p] === start[p + 1] : last === start[p + 1]! - 1) continue;
      least = last < 0 ? 0 : Math.min(least, this.causality.known(last, s));
    }
    return least;
  }
}
