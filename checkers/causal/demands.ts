import type { SessionGuarantee } from './session-guarantees.ts';
import { INITIAL, type Sessions } from './sessions.ts';
import type { WritesByKey } from './writes-by-key.ts';

/** `read` returned `to`'s value though `from`, a write to the same key, had to be visible: so `from` comes before `to`. */
export interface Demand {
  readonly from: number;
  /** The write whose value was read, or `INITIAL`: then the demand is broken. */
  readonly to: number;
  readonly read: number;
  /** Operations that show why `from` had to be visible, besides itself. */
  readonly because: readonly number[];
}

/** In `because`: nothing. */
const NONE = -1;

/**
 * Goes through a session and collects what a guarantee demands of each read. Of each session's writes to a key only the
 * last that must be visible counts: the others come before it.
 */
export class Demands {
  private readonly sessions: Sessions;
  private readonly writes: WritesByKey;
  /** By slot: the last write that must be visible to session `owner[slot]`, and up to two operations that show why. */
  private readonly last: Int32Array;
  private readonly reason: Int32Array;
  private readonly reason2: Int32Array;
  private readonly owner: Int32Array;
  /** By slot: the demand that it gave last, which the next read of the same value would repeat. */
  private readonly saidFrom: Int32Array;
  private readonly saidTo: Int32Array;
  /** By session: how much of it has been taken in by the session `heardBy`. */
  private readonly heard: Int32Array;
  private readonly heardBy: Int32Array;
  /** Of each write whether its session had read a value of its key before it. */
  private readonly overwrites: Uint8Array;

  constructor(sessions: Sessions, writes: WritesByKey, overwrites: Uint8Array) {
    const blank = (): Int32Array => new Int32Array(writes.slotCount).fill(NONE);
    this.sessions = sessions;
    this.writes = writes;
    this.overwrites = overwrites;
    this.last = blank();
    this.reason = blank();
    this.reason2 = blank();
    this.owner = blank();
    this.saidFrom = blank();
    this.saidTo = blank();
    this.heard = new Int32Array(sessions.count);
    this.heardBy = new Int32Array(sessions.count).fill(NONE);
  }

  /** Every demand on the reads of session `p`, in order; up to and including the first that is broken outright. */
  collect(p: number, guarantee: SessionGuarantee): Demand[] {
    const { start, writer } = this.sessions;
    this.owner.fill(NONE);
    this.saidTo.fill(NONE);
    this.heardBy.fill(NONE);
    const out: Demand[] = [];
    for (let op = start[p]!; op < start[p + 1]!; op++) {
      if (writer[op] === op) {
        if (guarantee === 'read-your-writes') this.demand(p, op, NONE, NONE);
        continue;
      }
      if (guarantee === 'monotonic-writes' || guarantee === 'writes-follow-reads')
        this.hear(p, op, guarantee);
      this.compare(p, op, out);
      if (out[out.length - 1]?.to === INITIAL) return out;
      if (guarantee === 'monotonic-reads' && writer[op] !== INITIAL) this.demand(p, writer[op]!, op, NONE);
    }
    return out;
  }

  /** Session `p` reads a write: takes in what its session did before it. */
  private hear(p: number, read: number, guarantee: SessionGuarantee): void {
    const { start, session, writer } = this.sessions;
    const write = writer[read]!;
    if (write === INITIAL) return;
    const s = session[write]!;
    const from = this.heardBy[s] === p ? this.heard[s]! : start[s]!;
    const follows = guarantee === 'writes-follow-reads';
    for (let op = from; op < write; op++) {
      if (!follows && writer[op] === op) this.demand(p, op, read, write);
      if (follows && writer[op] !== op && writer[op] !== INITIAL) this.demand(p, writer[op]!, op, read);
    }
    this.heard[s] = Math.max(from, write);
    this.heardBy[s] = p;
    if (follows && this.overwrites[write] === 1) this.demand(p, write, read, NONE);
  }

  private demand(p: number, write: number, reason: number, reason2: number): void {
    const slot = this.writes.slotOf[write]!;
    if (this.owner[slot] === p && this.last[slot]! >= write) return;
    this.owner[slot] = p;
    this.last[slot] = write;
    this.reason[slot] = reason;
    this.reason2[slot] = reason2;
  }

  private compare(p: number, read: number, out: Demand[]): void {
    const { key, writer } = this.sessions;
    const { keyStart, slots } = this.writes;
    const to = writer[read]!;
    const x = key[read]!;
    for (let i = keyStart[x]!; i < keyStart[x + 1]!; i++) {
      const slot = slots[i]!;
      const from = this.last[slot]!;
      if (this.owner[slot] !== p || from === to) continue;
      if (to !== INITIAL && this.saidFrom[slot] === from && this.saidTo[slot] === to) continue;
      this.saidFrom[slot] = from;
      this.saidTo[slot] = to;
      const because = [this.reason[slot]!, this.reason2[slot]!].filter((op) => op !== NONE);
      out.push({ from, to, read, because });
      if (to === INITIAL) return;
    }
  }
}
