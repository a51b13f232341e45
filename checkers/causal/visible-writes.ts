import type { Overwriting } from './overwriting.ts';
import { INITIAL, type Sessions } from './sessions.ts';
import type { WritesByKey } from './writes-by-key.ts';

/** Nothing, in place of an operation. */
export const NONE = -1;

/** Why a write had to be visible: it is, or came before, `above`, which had to be because of `because`. */
export interface Reason {
  readonly above: number;
  readonly because: readonly number[];
}

/** A read that contradicts what its session had to see. */
export interface Contradiction {
  readonly read: number;
  /** A write to the same key that had to be visible to the read. */
  readonly missed: number;
  readonly reason: Reason;
  /**
   * Without it, the read returned the initial value, or something that came before `missed`. With it, an earlier read
   * returned the value of `missed` although what `read` returned had to be visible already: each should be the later.
   */
  readonly earlier: { readonly read: number; readonly reason: Reason } | undefined;
}

/**
 * What one session must see while it goes along, and whether its reads contradict it. The writes that must be visible
 * only become more, and each read says that what it returns comes after all the others of its key. If the orders that
 * follow from all this had a cycle, take its last read j and the value a that comes after it in the cycle, returned by an
 * earlier read i: what j returned had to be visible at i, and a still has to be at j. So it is enough to look for two
 * such reads, or one that returns what came before a write that must be visible; and that takes constant time a read.
 */
export class VisibleWrites {
  private readonly sessions: Sessions;
  private readonly writes: WritesByKey;
  private readonly overwriting: Overwriting;
  /** Whether the order keeps what any session read before it wrote; else only what this one did. */
  private readonly everybody: boolean;
  private session = NONE;
  /** By write; meaningful where `owner` is the session. */
  private readonly owner: Int32Array;
  /** The operation of the session from which on the write had to be visible. */
  private readonly since: Int32Array;
  /** The demanded write that it is or comes before, and why that one was demanded. */
  private readonly above: Int32Array;
  private readonly reason: Int32Array;
  private readonly reason2: Int32Array;
  /** A demanded write that it comes before. */
  private readonly overtakenBy: Int32Array;
  /** The session's last read that returned the write. */
  private readonly lastRead: Int32Array;
  /** By key; meaningful where `keyOwner` is the session. */
  private readonly keyOwner: Int32Array;
  private readonly anyVisible: Int32Array;
  /** The two visible writes that the session returned last. */
  private readonly newest: Int32Array;
  private readonly second: Int32Array;
  private readonly stack: number[] = [];

  constructor(sessions: Sessions, writes: WritesByKey, overwriting: Overwriting, everybody: boolean) {
    const byOp = (): Int32Array => new Int32Array(sessions.size).fill(NONE);
    const byKey = (): Int32Array => new Int32Array(sessions.keys).fill(NONE);
    this.sessions = sessions;
    this.writes = writes;
    this.overwriting = overwriting;
    this.everybody = everybody;
    this.owner = byOp();
    this.since = byOp();
    this.above = byOp();
    this.reason = byOp();
    this.reason2 = byOp();
    this.overtakenBy = byOp();
    this.lastRead = byOp();
    this.keyOwner = byKey();
    this.anyVisible = byKey();
    this.newest = byKey();
    this.second = byKey();
  }

  /** Begins anew with session `p`. */
  enter(p: number): void {
    this.session = p;
  }

  /** From operation `now` of the session on, `write` must be visible, and with it all that came before it. */
  demand(write: number, now: number, reason: number, reason2: number): void {
    this.touch(write);
    if (this.since[write] !== NONE) return;
    this.reason[write] = reason;
    this.reason2[write] = reason2;
    this.cover(write, write, now);
    for (let w = this.stack.pop(); w !== undefined; w = this.stack.pop()) this.overtake(w, write, now);
  }

  /** Covers what comes right before `write`: the write before it in its session, and what that had read since. */
  private overtake(write: number, above: number, now: number): void {
    const { slotOf, placeOf, slotStart, writes } = this.writes;
    const { from, to, firstPair } = this.overwriting;
    const place = placeOf[write]!;
    if (place > slotStart[slotOf[write]!]!) this.coverBelow(writes[place - 1]!, above, now);
    if (!this.everybody && this.sessions.session[write] !== this.session) return;
    for (let i = firstPair[write]!; i >= 0 && to[i] === write; i++) this.coverBelow(from[i]!, above, now);
  }

  private coverBelow(write: number, above: number, now: number): void {
    this.touch(write);
    if (this.overtakenBy[write] === NONE) this.overtakenBy[write] = above;
    if (this.since[write] === NONE) this.cover(write, above, now);
  }

  private cover(write: number, above: number, now: number): void {
    const x = this.sessions.key[write]!;
    this.touchKey(x);
    this.since[write] = now;
    this.above[write] = above;
    if (this.anyVisible[x] === NONE) this.anyVisible[x] = write;
    if (this.lastRead[write] !== NONE) this.offer(x, write);
    this.stack.push(write);
  }

  /** Operation `read` of the session; what it must see has been demanded. */
  compare(read: number): Contradiction | undefined {
    const x = this.sessions.key[read]!;
    const write = this.sessions.writer[read]!;
    this.touchKey(x);
    if (write === INITIAL) {
      const missed = this.anyVisible[x]!;
      return missed === NONE ? undefined : this.contradiction(read, missed);
    }
    this.touch(write);
    if (this.overtakenBy[write] !== NONE) return this.contradiction(read, this.overtakenBy[write]!);
    const since = this.since[write]!;
    if (since !== NONE) {
      const rival = this.newest[x] === write ? this.second[x]! : this.newest[x]!;
      if (rival !== NONE && this.lastRead[rival]! >= since) {
        const earlier = { read: this.lastRead[rival]!, reason: this.reasonOf(write) };
        return { ...this.contradiction(read, rival), earlier };
      }
    }
    this.lastRead[write] = read;
    if (since !== NONE) this.offer(x, write);
    return undefined;
  }

  private contradiction(read: number, missed: number): Contradiction {
    return { read, missed, reason: this.reasonOf(missed), earlier: undefined };
  }

  private reasonOf(write: number): Reason {
    const above = this.above[write]!;
    return { above, because: [this.reason[above]!, this.reason2[above]!].filter((op) => op !== NONE) };
  }

  private offer(x: number, write: number): void {
    const first = this.newest[x]!;
    const at = this.lastRead[write]!;
    if (first === NONE || at >= this.lastRead[first]!) {
      if (first !== write) this.second[x] = first;
      this.newest[x] = write;
    } else if (this.second[x] === NONE || at > this.lastRead[this.second[x]!]!) {
      this.second[x] = write;
    }
  }

  private touch(write: number): void {
    if (this.owner[write] === this.session) return;
    this.owner[write] = this.session;
    this.since[write] = NONE;
    this.overtakenBy[write] = NONE;
    this.lastRead[write] = NONE;
  }

  private touchKey(x: number): void {
    if (this.keyOwner[x] === this.session) return;
    this.keyOwner[x] = this.session;
    this.anyVisible[x] = NONE;
    this.newest[x] = NONE;
    this.second[x] = NONE;
  }
}
