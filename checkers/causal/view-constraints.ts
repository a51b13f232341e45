import type { Sessions } from './sessions.ts';

/** What a view must keep: an order in which a clock, one entry a session, can stand for all that comes before. */
export interface Order {
  readonly sessions: Sessions;
  /** How many operations of session `s` come before `b` or are `b` itself. */
  known(b: number, s: number): number;
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
  private readonly bySession = new Map<number, Pending[]>();
  private readonly wakingAt = new Map<number, Pending[]>();
  private awake: Pending[] = [];
  /** Entries of V(i) that were raised: session, old and new value. */
  private readonly raised: number[] = [];

  constructor(order: Order, known: Int32Array, spend: (steps: number) => void) {
    this.order = order;
    this.sessions = order.sessions;
    this.known = known;
    this.spend = spend;
  }

  add(constraint: Constraint): void {
    const { write, at, earlier } = constraint;
    const heldFrom = this.firstWith(write, at);
    const pending: Pending = { ...constraint, heldFrom, past: undefined };
    const s = this.sessions.session[write]!;
    const same = this.bySession.get(s);
    if (same === undefined) this.bySession.set(s, [pending]);
    else same.splice(firstFrom(same, write), 0, pending);
    let impliedFrom = heldFrom;
    for (const op of earlier) {
      if (!this.holds(heldFrom, op)) impliedFrom = Math.max(impliedFrom, this.firstWith(op, at));
    }
    if (impliedFrom === heldFrom) return;
    const waking = this.wakingAt.get(impliedFrom - 1);
    if (waking === undefined) this.wakingAt.set(impliedFrom - 1, [pending]);
    else waking.push(pending);
  }

  /** Makes a finished V(i) of what the order says about read `i`. */
  close(i: number): void {
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
  }

  private apply(constraint: Pending, i: number): void {
    const { count } = this.sessions;
    const { known, raised } = this;
    if (constraint.past === undefined) {
      constraint.past = new Int32Array(count);
      for (const op of constraint.earlier) this.order.join(op, constraint.past, 0);
      this.spend(constraint.earlier.length);
    }
    const { past } = constraint;
    const row = i * count;
    this.spend(1);
    for (let s = 0; s < count; s++) {
      const old = known[row + s]!;
      if (past[s]! <= old) continue;
      raised.push(s, old, past[s]!);
      known[row + s] = past[s]!;
    }
  }

  private holds(i: number, op: number): boolean {
    const { count, session, start } = this.sessions;
    const s = session[op]!;
    return this.known[i * count + s]! > op - start[s]!;
  }

  /** The first read, at most `last`, before which `op` must be applied according to `known`; it must be so for `last`. */
  firstWith(op: number, last: number): number {
    const { count, session, start } = this.sessions;
    const s = session[op]!;
    const position = op - start[s]!;
    let low = 0;
    let high = last;
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
