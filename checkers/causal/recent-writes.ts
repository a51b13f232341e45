import { Settled } from '../settled.ts';
import type { CausalOrder } from './causal-order.ts';
import type { WritesByKey } from './writes-by-key.ts';

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
    const { count, size, keys, key, session, start, writer } = order.sessions;
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
    const settled = new Settled(
      { count, start },
      {
        known: (op, s) => order.known(op, s),
        writes: (op) => writer[op] === op,
        placeOf: (op) => this.placeOf[op]!,
      },
    );
    for (let i = 0; i < size; i++) {
      const op = sequence[i]!;
      const x = key[op]!;
      const before = settled.pass(i, op, session[op]!);
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
