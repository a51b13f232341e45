import type { Budget } from '../checker.ts';
import { INITIAL, type Sessions } from './sessions.ts';

/**
 * Causality: the least order that holds each session's order and puts each write before the reads of its value. Kept as
 * vector clocks over the sessions (Fidge 1988, Mattern 1989): `known(op, s)` operations of session `s` happened before
 * `op` or are `op` itself. Operations between two reads that brought news share one row of the clock table.
 */
export class CausalOrder {
  readonly sessions: Sessions;
  /** Number of sessions, the width of a row. */
  readonly width: number;
  /** Where the row of each operation begins; its own session's entry is not kept up. */
  readonly rowAt: Int32Array;
  readonly rows: Int32Array;
  /** All operations, each after whatever happened before it. */
  readonly sequence: Int32Array;

  constructor(sessions: Sessions, rowAt: Int32Array, rows: Int32Array, sequence: Int32Array) {
    this.sessions = sessions;
    this.sequence = sequence;
    this.width = sessions.count;
    this.rowAt = rowAt;
    this.rows = rows;
  }

  known(op: number, s: number): number {
    const { session, start } = this.sessions;
    return session[op] === s ? op - start[s]! + 1 : this.rows[this.rowAt[op]! + s]!;
  }

  /** Whether `a` happened before `b`, or is `b`. */
  covers(b: number, a: number): boolean {
    const s = this.sessions.session[a]!;
    return this.known(b, s) > a - this.sessions.start[s]!;
  }

  /** Writes the clock of `op` to `into[offset ...]`. */
  copy(op: number, into: Int32Array, offset: number): void {
    const at = this.rowAt[op]!;
    for (let s = 0; s < this.width; s++) into[offset + s] = this.rows[at + s]!;
    const own = this.sessions.session[op]!;
    into[offset + own] = op - this.sessions.start[own]! + 1;
  }

  /** Raises each entry of `into[offset ...]` to that of the clock of `op`. */
  join(op: number, into: Int32Array, offset: number): void {
    const at = this.rowAt[op]!;
    for (let s = 0; s < this.width; s++) {
      const entry = this.rows[at + s]!;
      if (entry > into[offset + s]!) into[offset + s] = entry;
    }
    const own = this.sessions.session[op]!;
    const position = op - this.sessions.start[own]! + 1;
    if (position > into[offset + own]!) into[offset + own] = position;
  }
}

/** Causality has a cycle: operations each of which must come before the next, the last before the first. */
export interface CausalCycle {
  readonly cycle: readonly number[];
}

/** The clocks would take more memory than the budget allows. */
export interface TooLarge {
  readonly reason: string;
}

/**
 * Computes the causal order in one pass, about in the order of invocation: a session whose next read is of a write that
 * has not been passed yet waits for it. O(operations + reads that bring news × sessions).
 */
export function causalOrderOf(sessions: Sessions, budget: Budget): CausalOrder | CausalCycle | TooLarge {
  const { count, size, start, session, writer, byTime } = sessions;
  const table = new ClockTable(sessions, budget.bytes);
  /** The next operation of each session, and the end of what the order of invocation has reached. */
  const next = start.slice(0, count);
  const released = start.slice(0, count);
  /** Sessions that wait for a write, as lists. */
  const waiting = new Int32Array(size).fill(-1);
  const waitingNext = new Int32Array(count).fill(-1);
  const ready: number[] = [];
  for (let t = 0; t < size; t++) {
    const released0 = byTime[t]!;
    const s0 = session[released0]!;
    released[s0] = released0 + 1;
    if (next[s0] === released0) ready.push(s0);
    for (let s = ready.pop(); s !== undefined; s = ready.pop()) {
      while (next[s]! < released[s]!) {
        const op: number = next[s]!;
        const from: number = writer[op]!;
        if (from !== op && from !== INITIAL) {
          const other: number = session[from]!;
          if (next[other]! <= from) {
            waitingNext[s] = waiting[from]!;
            waiting[from] = s;
            break;
          }
          if (other !== s) table.learn(s, from);
        }
        if (table.full) return { reason: tooLarge(t, sessions, budget) };
        table.pass(op);
        next[s] = op + 1;
        for (let w = waiting[op]!; w >= 0; w = waitingNext[w]!) ready.push(w);
      }
    }
  }
  for (let s = 0; s < count; s++) if (next[s]! < start[s + 1]!) return cycleAmong(sessions, next, s);
  return table.order();
}

function tooLarge(done: number, { size, count }: Sessions, budget: Budget): string {
  return (
    `the clocks of ${count} sessions need more than the ${budget.bytes} bytes of the budget: ` +
    `gave up after ${done} of ${size} operations`
  );
}

/** The rows in the making. */
class ClockTable {
  /** More memory would be needed than allowed. */
  full = false;
  private readonly sessions: Sessions;
  private readonly maxEntries: number;
  private readonly rowAt: Int32Array;
  /** The row that each session is at; row 0 knows nothing. */
  private readonly current: Int32Array;
  private rows: Int32Array;
  private used: number;
  private readonly sequence: Int32Array;
  private passed = 0;

  constructor(sessions: Sessions, bytes: number) {
    this.sessions = sessions;
    this.maxEntries = bytes / 4;
    this.rowAt = new Int32Array(sessions.size);
    this.sequence = new Int32Array(sessions.size);
    this.current = new Int32Array(sessions.count);
    this.used = sessions.count;
    this.rows = new Int32Array(Math.max(1024, 16 * sessions.count));
  }

  /** Session `s` reads the value of a write of another session. */
  learn(s: number, write: number): void {
    const { session, start, count } = this.sessions;
    const other = session[write]!;
    const position = write - start[other]! + 1;
    const from = this.current[s]!;
    // A clock that knows a write knows whatever happened before it.
    if (this.rows[from + other]! >= position) return;
    const to = this.used;
    this.used += count;
    if (this.used > this.rows.length) this.grow();
    if (this.full) return;
    const rows = this.rows;
    const source = this.rowAt[write]!;
    for (let i = 0; i < count; i++) {
      const mine = rows[from + i]!;
      const theirs = rows[source + i]!;
      rows[to + i] = mine > theirs ? mine : theirs;
    }
    rows[to + other] = position;
    this.current[s] = to;
  }

  pass(op: number): void {
    this.rowAt[op] = this.current[this.sessions.session[op]!]!;
    this.sequence[this.passed++] = op;
  }

  order(): CausalOrder {
    return new CausalOrder(this.sessions, this.rowAt, this.rows, this.sequence);
  }

  private grow(): void {
    if (this.used > this.maxEntries) {
      this.full = true;
      return;
    }
    const larger = new Int32Array(
      Math.min(2 * this.rows.length, Math.max(this.used, Math.floor(this.maxEntries))),
    );
    larger.set(this.rows);
    this.rows = larger;
  }
}

/** From a session that waits, to the session of the write it waits for, which waits too, until one comes again. */
function cycleAmong({ session, writer }: Sessions, next: Int32Array, from: number): CausalCycle {
  const seen: number[] = [];
  let s = from;
  while (!seen.includes(s)) {
    seen.push(s);
    s = session[writer[next[s]!]!]!;
  }
  const around = seen.slice(seen.indexOf(s));
  // The read that session s waits with comes, in the order of s, before the write for which another session waits.
  const cycle = around.reverse().flatMap((waits) => {
    const awaited = around.find((other) => session[writer[next[other]!]!] === waits)!;
    return [next[waits]!, writer[next[awaited]!]!];
  });
  return { cycle };
}
