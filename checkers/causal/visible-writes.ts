import type { Overwriting } from './overwriting.ts';
import { INITIAL, type Sessions } from './sessions.ts';
import type { WritesByKey } from './writes-by-key.ts';

/** Nothing, in place of an operation. */
export const NONE = -1;

/** What is kept about a write. */
const FIELDS = 8;
/** The session for which the rest is meant. */
const OWNER = 0;
/** The operation of the session from which on the write had to be visible. */
const SINCE = 1;
/** The demanded write that it is or comes before. */
const ABOVE = 2;
/** Of a demanded write: the operations that show why. */
const REASON = 3;
const REASON2 = 4;
/** A demanded write that it comes before. */
const OVERTAKEN_BY = 5;
/** The session's last read that returned the write. */
const LAST_READ = 6;

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
  /**
   * `FIELDS` numbers for each write, by its place in `writes.writes`: together, as they are used together. Writes go by
   * their places here.
   */
  private readonly state: Int32Array;
  /** By key; meaningful where `keyOwner` is the session. */
  private readonly keyOwner: Int32Array;
  private readonly anyVisible: Int32Array;
  /** The two visible writes that the session returned last. */
  private readonly newest: Int32Array;
  private readonly second: Int32Array;
  private readonly stack: number[] = [];

  constructor(sessions: Sessions, writes: WritesByKey, overwriting: Overwriting, everybody: boolean) {
    const byKey = (): Int32Array => new Int32Array(sessions.keys).fill(NONE);
    this.sessions = sessions;
    this.writes = writes;
    this.overwriting = overwriting;
    this.everybody = everybody;
    this.state = new Int32Array(FIELDS * writes.writes.length).fill(NONE);
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
    const place = this.writes.placeOf[write]!;
    const at = this.at(place);
    if (this.state[at + SINCE] !== NONE) return;
    this.state[at + REASON] = reason;
    this.state[at + REASON2] = reason2;
    const slot = this.writes.slotOf[write]!;
    const x = this.sessions.key[write]!;
    this.touchKey(x);
    if (this.anyVisible[x] === NONE) this.anyVisible[x] = place;
    const first = this.writes.slotStart[slot]!;
    const leads = this.everybody || this.writes.slotSession[slot] === this.session;
    this.coverDown(x, place, first, leads, place, now);
    for (let read = this.stack.pop(); read !== undefined; read = this.stack.pop()) {
      this.coverBelow(x, read, place, now);
    }
  }

  /** Covers a write that was read before a write that is covered. */
  private coverBelow(x: number, place: number, above: number, now: number): void {
    const at = this.at(place);
    if (this.state[at + OVERTAKEN_BY] === NONE) this.state[at + OVERTAKEN_BY] = above;
    if (this.state[at + SINCE] !== NONE) return;
    const slot = this.writes.slotOf[this.writes.writes[place]!]!;
    const leads = this.everybody || this.writes.slotSession[slot] === this.session;
    this.coverDown(x, place, this.writes.slotStart[slot]!, leads, above, now);
  }

  /** Covers the write at `from` and those before it in its slot, which begins at `first`, up to one covered before. */
  private coverDown(
    x: number,
    from: number,
    first: number,
    leads: boolean,
    above: number,
    now: number,
  ): void {
    const { state } = this;
    for (let place = from; place >= first; place--) {
      const at = this.at(place);
      if (place !== from && state[at + OVERTAKEN_BY] === NONE) state[at + OVERTAKEN_BY] = above;
      if (state[at + SINCE] !== NONE) return;
      state[at + SINCE] = now;
      state[at + ABOVE] = above;
      if (state[at + LAST_READ] !== NONE) this.offer(x, place);
      if (!leads) continue;
      const { from: pairFrom, to, firstPair } = this.overwriting;
      for (let i = firstPair[place]!; i >= 0 && to[i] === place; i++) this.stack.push(pairFrom[i]!);
    }
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
    const place = this.writes.placeOf[write]!;
    const at = this.at(place);
    const overtakenBy = this.state[at + OVERTAKEN_BY]!;
    if (overtakenBy !== NONE) return this.contradiction(read, overtakenBy);
    const since = this.state[at + SINCE]!;
    if (since !== NONE) {
      const rival = this.newest[x] === place ? this.second[x]! : this.newest[x]!;
      if (rival !== NONE && this.lastRead(rival) >= since) {
        const earlier = { read: this.lastRead(rival), reason: this.reasonOf(place) };
        return { ...this.contradiction(read, rival), earlier };
      }
    }
    this.state[at + LAST_READ] = read;
    if (since !== NONE) this.offer(x, place);
    return undefined;
  }

  private contradiction(read: number, missed: number): Contradiction {
    return { read, missed: this.writes.writes[missed]!, reason: this.reasonOf(missed), earlier: undefined };
  }

  private reasonOf(place: number): Reason {
    const above = this.state[this.at(place) + ABOVE]!;
    const at = this.at(above);
    const because = [this.state[at + REASON]!, this.state[at + REASON2]!];
    return { above: this.writes.writes[above]!, because: because.filter((op) => op !== NONE) };
  }

  /** The session's last read that returned the write at `place`, a visible one. */
  private lastRead(place: number): number {
    return this.state[this.at(place) + LAST_READ]!;
  }

  private offer(x: number, place: number): void {
    const first = this.newest[x]!;
    const second = this.second[x]!;
    const read = this.lastRead(place);
    if (first === NONE || read >= this.lastRead(first)) {
      if (first !== place) this.second[x] = first;
      this.newest[x] = place;
    } else if (second === NONE || read > this.lastRead(second)) {
      this.second[x] = place;
    }
  }

  /** Where the state of the write at `place` begins; blank when the session comes to it for the first time. */
  private at(place: number): number {
    const { state } = this;
    const at = FIELDS * place;
    if (state[at + OWNER] !== this.session) {
      state[at + OWNER] = this.session;
      state[at + SINCE] = NONE;
      state[at + OVERTAKEN_BY] = NONE;
      state[at + LAST_READ] = NONE;
    }
    return at;
  }

  private touchKey(x: number): void {
    if (this.keyOwner[x] === this.session) return;
    this.keyOwner[x] = this.session;
    this.anyVisible[x] = NONE;
    this.newest[x] = NONE;
    this.second[x] = NONE;
  }
}
