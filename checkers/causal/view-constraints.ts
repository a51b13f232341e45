import type { Sessions } from './sessions.ts';

/** What a view must keep: an order in which a clock, one entry a session, can stand for all that comes before. */
export interface Order {
  readonly sessions: Sessions;
  /** How many operations of session `s` come before `b` or are `b` itself. */
  known(b: number, s: number): number;
  /** Writes to `into[offset ...]` how many operations of each session come before `op` or are `op` itself. */
  copy(op: number, into: Int32Array, offset: number): void;
  /** Raises each entry of `into[offset ...]`, one a session, to cover `op` and all that comes before it. */
  join(op: number, into: Int32Array, offset: number): void;
}

/** Whatever had to be applied before `read`, on its key, must come before the write whose value it returned. */
export interface Constraint {
  readonly write: number;
  readonly read: number;
  /** The number of `read` among the reads of its session. */
  readonly at: number;
  /** The last write of each session that must precede `write`, and isn't ordered before it anyway. */
  readonly earlier: readonly number[];
}

/** A constraint and what is needed to apply it. */
interface Pending extends Constraint {
  /** The first read before which the order alone puts `write`. */
  readonly heldFrom: number;
  /** The clock of `earlier`, once it was needed. */
  past: Int32Array | undefined;
  /** The last place of any of `earlier`, and so of all in `past`. */
  latest: number;
}

/**
 * The constraints found so far, while V(i) is computed for one read after the other from the last to the first. A
 * constraint adds to V(i) if V(i) holds its `write`. The order alone puts `write` before the reads from `heldFrom` on,
 * and `earlier` before those from some read on: the constraint is *awake* between the two. Below, V(i) holds `write` only
 * if another constraint made it so, which is noticed when an entry of V(i) is raised past `write`.
 */
export class ViewConstraints {
  private readonly order: Order;
  private readonly sessions: Sessions;
  /** V of each read, one row each: final from the present one on, before that what the order says. */
  private readonly known: Int32Array;
  private readonly spend: (steps: number) => void;
  private readonly placeOf: Int32Array | undefined;
  private raisedTo = -1;
  private readonly bySession = new Map<number, Pending[]>();
  private readonly wakingAt = new Map<number, Pending[]>();
  private awake: Pending[] = [];
  /** Entries of V(i) that were raised: session, old and new value. */
  private readonly raised: number[] = [];

  /** `placeOf`: by operation its place in one sequence that keeps the order; where it isn't given, all have place -1. */
  constructor(order: Order, known: Int32Array, spend: (steps: number) => void, placeOf?: Int32Array) {
    this.order = order;
    this.sessions = order.sessions;
    this.known = known;
    this.spend = spend;
    this.placeOf = placeOf;
  }

  add(constraint: Constraint): void {
    const { write, read, at, earlier } = constraint;
    const heldFrom = this.firstWith(write, at);
    const pending: Pending = { write, read, at, earlier, heldFrom, past: undefined, latest: -1 };
    const s = this.sessions.session[write]!;
    const same = this.bySession.get(s);
    if (same === undefined) this.bySession.set(s, [pending]);
    else same.splice(firstFrom(same, write), 0, pending);
    let impliedFrom = heldFrom;
    for (const op of earlier) {
      if (!this.holds(heldFrom, op))
        impliedFrom = Math.max(impliedFrom, this.firstWith(op, at, heldFrom + 1));
    }
    if (impliedFrom === heldFrom) return;
    const waking = this.wakingAt.get(impliedFrom - 1);
    if (waking === undefined) this.wakingAt.set(impliedFrom - 1, [pending]);
    else waking.push(pending);
  }

  /** Makes a finished V(i) of what the order says about read `i`. Returns the last place of anything added, or -1. */
  close(i: number): number {
    this.raisedTo = -1;
    const { start } = this.sessions;
    const waking = this.wakingAt.get(i);
    if (waking !== undefined) {
      this.awake.push(...waking);
      this.wakingAt.delete(i);
    }
    if (this.awake.length > 0) {
      this.awake = this.awake.filter((constraint) => constraint.heldFrom <= i);
      for (const constraint of this.awake) this.apply(constraint, i);
    }
    while (this.raised.length > 0) {
      const high = this.raised.pop()!;
      const low = this.raised.pop()!;
      const s = this.raised.pop()!;
      const same = this.bySession.get(s);
      if (same === undefined) continue;
      const from = firstFrom(same, start[s]! + low);
      for (let c = from; c < same.length && same[c]!.write < start[s]! + high; c++) this.apply(same[c]!, i);
    }
    return this.raisedTo;
  }

  private apply(constraint: Pending, i: number): void {
    const { count } = this.sessions;
    const { known, raised } = this;
    if (constraint.past === undefined) {
      constraint.past = new Int32Array(count);
      for (const op of constraint.earlier) {
        this.order.join(op, constraint.past, 0);
        constraint.latest = Math.max(constraint.latest, this.placeOf?.[op] ?? -1);
      }
      this.spend(constraint.earlier.length);
    }
    const { past } = constraint;
    const row = i * count;
    this.spend(1);
    for (let s = 0; s < count; s++) {
      const old = known[row + s]!;
      if (past[s]! <= old) continue;
      raised.push(s, old, past[s]!);
      this.raisedTo = Math.max(this.raisedTo, constraint.latest);
      known[row + s] = past[s]!;
    }
  }

  private holds(i: number, op: number): boolean {
    const { count, session, start } = this.sessions;
    const s = session[op]!;
    return this.known[i * count + s]! > op - start[s]!;
  }

  /**
   * The first read from `least` to `last` before which `op` must be applied according to `known`; it must be so for
   * `last`. Most often it isn't so for long, so the search begins there and leaps back twice as far each time.
   */
  firstWith(op: number, last: number, least = 0): number {
    const { count, session, start } = this.sessions;
    const s = session[op]!;
    const position = op - start[s]!;
    let low = least;
    let high = last;
    for (let leap = 1; high - leap > low; leap *= 2) {
      if (this.known[(high - leap) * count + s]! <= position) {
        low = high - leap + 1;
        break;
      }
      high -= leap;
    }
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.known[middle * count + s]! > position) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

/** The first of the constraints, sorted by their writes, whose write is `write` or later. */
function firstFrom(constraints: readonly Pending[], write: number): number {
  let low = 0;
  let high = constraints.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (constraints[middle]!.write >= write) high = middle;
    else low = middle + 1;
  }
  return low;
}
