import type { Budget } from '../checker.ts';
import type { CausalOrder } from './causal-order.ts';
import type { RecentWrites } from './recent-writes.ts';
import { INITIAL, type Sessions } from './sessions.ts';
import { Views, type ViewViolation } from './view.ts';
import type { Order } from './view-constraints.ts';
import type { WritesByKey } from './writes-by-key.ts';

/** A session that can have no view. */
export interface Viewless {
  readonly session: number;
  readonly violation: ViewViolation;
}

/** Each session whose view can't keep the causal order, with the reason. Throws `ViewTooCostly`. */
export function causalViews(
  order: CausalOrder,
  writes: WritesByKey,
  recent: RecentWrites,
  budget: Budget,
): Viewless[] {
  const views = new Views(order, writes, budget, recent);
  return everySession(order.sessions, (p, reads) => {
    const known = views.room(reads.length);
    reads.forEach((read, i) => {
      order.copy(read, known, i * order.width);
    });
    return views.check(p, reads, known);
  });
}

/** Each session whose view can't keep the orders of all sessions, with the reason. Throws `ViewTooCostly`. */
export function sessionViews(sessions: Sessions, writes: WritesByKey, budget: Budget): Viewless[] {
  const order = new ReceivedOrder(sessions);
  const views = new Views(order, writes, budget);
  return everySession(sessions, (p, reads) => {
    const early = reads.find(
      (read) => sessions.writer[read]! > read && sessions.session[sessions.writer[read]!] === p,
    );
    if (early !== undefined) return { kind: 'future', read: early, write: sessions.writer[early]! };
    const known = views.room(reads.length);
    order.enter(p, reads, known);
    return views.check(p, reads, known);
  });
}

function everySession(
  { count, start, writer }: Sessions,
  check: (p: number, reads: Int32Array) => ViewViolation | undefined,
): Viewless[] {
  const out: Viewless[] = [];
  for (let p = 0; p < count; p++) {
    const ops: number[] = [];
    for (let op = start[p]!; op < start[p + 1]!; op++) if (writer[op] !== op) ops.push(op);
    const violation = check(p, Int32Array.from(ops));
    if (violation !== undefined) out.push({ session: p, violation });
  }
  return out;
}

/**
 * The order of PRAM, as one session sees it: everybody's session order, and what the session itself has read before
 * what it did afterwards. What other sessions read means nothing.
 */
class ReceivedOrder implements Order {
  readonly sessions: Sessions;
  private p = -1;
  private rows: Int32Array = new Int32Array(0);
  /** Of each operation of session `p`, how many reads it has come through. */
  private readsUpTo = new Int32Array(0);

  constructor(sessions: Sessions) {
    this.sessions = sessions;
  }

  /** Turns to session `p` and writes to `known` what each of its reads must see. */
  enter(p: number, reads: Int32Array, known: Int32Array): void {
    const { start, count, session, writer } = this.sessions;
    this.p = p;
    this.readsUpTo = new Int32Array(start[p + 1]! - start[p]!);
    let next = 0;
    for (let op = start[p]!; op < start[p + 1]!; op++) {
      if (reads[next] === op) next++;
      this.readsUpTo[op - start[p]!] = next;
    }
    const now = new Int32Array(count);
    reads.forEach((read, i) => {
      const write = writer[read]!;
      if (write !== INITIAL) {
        const s = session[write]!;
        now[s] = Math.max(now[s]!, write - start[s]! + 1);
      }
      now[p] = Math.max(now[p]!, read - start[p]! + 1);
      known.set(now, i * count);
    });
    this.rows = known.slice(0, reads.length * count);
  }

  known(b: number, s: number): number {
    const { session, start, count } = this.sessions;
    if (session[b] === s) return b - start[s]! + 1;
    const row = this.rowOf(b);
    return row < 0 ? 0 : this.rows[row * count + s]!;
  }

  copy(op: number, into: Int32Array, offset: number): void {
    into.fill(0, offset, offset + this.sessions.count);
    this.join(op, into, offset);
  }

  join(op: number, into: Int32Array, offset: number): void {
    const { session, start, count } = this.sessions;
    const row = this.rowOf(op);
    for (let s = 0; row >= 0 && s < count; s++) {
      into[offset + s] = Math.max(into[offset + s]!, this.rows[row * count + s]!);
    }
    const own = session[op]!;
    into[offset + own] = Math.max(into[offset + own]!, op - start[own]! + 1);
  }

  /** The last read of session `p` that `op` comes after, or -1. */
  private rowOf(op: number): number {
    return this.sessions.session[op] === this.p ? this.readsUpTo[op - this.sessions.start[this.p]!]! - 1 : -1;
  }
}
