import type { CausalOrder } from './causal-order.ts';
import type { WritesByKey } from './writes-by-key.ts';

/** To tell what everybody knows, so many clock entries are read for each operation that goes by. */
const LOOKS = 4;

/** What is visible: of session `s` as much as `clock[offset + s]` says, and all of session `own`. */
export interface Sight {
  clock: Int32Array;
  offset: number;
  own: number;
}

/**
 * The writes to each key in one causal order of all operations, and from which of them on anything can be unknown to a
 * later operation. What one operation knows of a key and another one doesn't is among a few recent writes, as long as
 * every session that goes on hears of what the others write; so it is found without asking session by session.
 */
export class RecentWrites {
  /** By operation, its place in the one order. */
  readonly placeOf: Int32Array;
  /** The writes to key `x`, by place: `first[x] <= i < first[x + 1]`; of each the session, the position in it, the place. */
  readonly first: Int32Array;
  readonly sessions: Int32Array;
  readonly positions: Int32Array;
  readonly places: Int32Array;
  /** Of a write the index here of the first write to its key that it may not know; of a read the end of those before it. */
  readonly bound: Int32Array;
  /** Of a write its own index here. */
  readonly indexOf: Int32Array;
  private readonly order: CausalOrder;
  /** By key, the most writes that are worth looking at: as many as there are sessions that write it, twice. */
  private readonly most: Int32Array;
  /** By session, the query that has had its answer about it. */
  private readonly asked: Int32Array;
  private query = 0;

  constructor(order: CausalOrder, { keyStart, slotStart }: WritesByKey) {
    this.order = order;
    this.most = keyStart.subarray(1).map((slot, x) => 2 * (slot - keyStart[x]!));
    this.asked = new Int32Array(order.sessions.count);
    const { sequence } = order;
    const { size, keys, key, session, start, writer } = order.sessions;
    this.placeOf = new Int32Array(size);
    for (let i = 0; i < size; i++) this.placeOf[sequence[i]!] = i;
    this.first = keyStart.map((slot) => slotStart[slot]!);
    const writes = this.first[keys]!;
    this.sessions = new Int32Array(writes);
    this.positions = new Int32Array(writes);
    this.places = new Int32Array(writes);
    this.bound = new Int32Array(size);
    this.indexOf = new Int32Array(size);
    const end = this.first.slice(0, keys);
    const since = this.first.slice(0, keys);
    const settled = new Settled(order, this.placeOf);
    for (let i = 0; i < size; i++) {
      const op = sequence[i]!;
      const x = key[op]!;
      const before = settled.pass(i, op);
      if (writer[op] !== op) {
        this.bound[op] = end[x]!;
        continue;
      }
      while (since[x]! < end[x]! && this.places[since[x]!]! < before) since[x]!++;
      this.bound[op] = since[x]!;
      const at = end[x]!++;
      this.indexOf[op] = at;
      this.sessions[at] = session[op]!;
      this.positions[at] = op - start[session[op]!]!;
      this.places[at] = i;
    }
  }

  /** Whether so few writes to key `x` stand from `begin` to `end` that to look at each is better than to go by sessions. */
  areFew(x: number, begin: number, end: number): boolean {
    return end - begin <= this.most[x]!;
  }

  /** Puts into `found`, by session, the last write of each from `begin` to `end` that is in sight, if `write` does not know it. */
  unknownTo(write: number, begin: number, end: number, { clock, offset, own }: Sight, found: number[]): void {
    const { order, sessions, positions, asked } = this;
    const { start } = order.sessions;
    const query = ++this.query;
    for (let i = end - 1; i >= begin; i--) {
      const s = sessions[i]!;
      const position = positions[i]!;
      if (asked[s] === query || (s !== own && position >= clock[offset + s]!)) continue;
      asked[s] = query;
      if (position >= order.known(write, s)) insert(found, start[s]! + position);
    }
  }

  /** The end of the writes to key `x` whose place is at most `place`. */
  endAt(x: number, place: number): number {
    let low = this.first[x]!;
    let high = this.first[x + 1]!;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.places[middle]! <= place) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Adds to a list, sorted and most often short. */
function insert(sorted: number[], op: number): void {
  let i = sorted.length;
  for (; i > 0 && sorted[i - 1]! > op; i--) sorted[i] = sorted[i - 1]!;
  sorted[i] = op;
}

/** Up to which place all writes are known to every session that goes on. */
class Settled {
  private readonly order: CausalOrder;
  private readonly placeOf: Int32Array;
  private readonly interval: number;
  /** By session: the operation that it did last, or -1, and its first write that somebody may not know. */
  private readonly last: Int32Array;
  private readonly pending: Int32Array;
  private before = 0;

  constructor(order: CausalOrder, placeOf: Int32Array) {
    const { count, start } = order.sessions;
    this.order = order;
    this.placeOf = placeOf;
    this.interval = Math.ceil((count * count) / LOOKS);
    this.last = new Int32Array(count).fill(-1);
    this.pending = start.slice(0, count);
  }

  /** Takes the next operation; returns the place before which it knows every write. */
  pass(place: number, op: number): number {
    if (place % this.interval === 0) this.look();
    this.last[this.order.sessions.session[op]!] = op;
    return this.before;
  }

  private look(): void {
    const { count, start, writer, size } = this.order.sessions;
    let before = size;
    for (let s = 0; s < count; s++) {
      const end = start[s + 1]!;
      let op = Math.max(this.pending[s]!, start[s]! + this.knownToAll(s));
      while (op < end && writer[op] !== op) op++;
      this.pending[s] = op;
      if (op < end) before = Math.min(before, this.placeOf[op]!);
    }
    this.before = before;
  }

  /** How many operations of session `s` are known to every session that goes on. */
  private knownToAll(s: number): number {
    const { count, start } = this.order.sessions;
    let least = start[s + 1]! - start[s]!;
    for (let p = 0; p < count && least > 0; p++) {
      const last = this.last[p]!;
      if (last < 0 ? start[p] === start[p + 1] : last === start[p + 1]! - 1) continue;
      least = last < 0 ? 0 : Math.min(least, this.order.known(last, s));
    }
    return least;
  }
}
