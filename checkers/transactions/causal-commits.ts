import type { Chains } from './chains.ts';
import { Clocks } from './clocks.ts';
import { READ, type Transactions, WRITE } from './micro-operations.ts';
import { INITIAL, NONE, type ReadsFrom, sourceTxn } from './reads-from.ts';

/** What the axiom of causal consistency demands of the order of commits. */
export interface CausalCommits {
  /** `from[i]` must have been committed before `to[i]`: someone saw `from[i]` and still read a key of it from `to[i]`. */
  readonly from: Int32Array;
  readonly to: Int32Array;
  readonly length: number;
  /** Reads of the initial version of a key by transactions before which a write of it had happened. */
  readonly stale: readonly number[];
}

/**
 * The commit edges of causal consistency (Biswas and Enea 2019, figure 2c; AWDIT, PLDI 2025, section 5), without those
 * that happened-before or other such edges imply. `order` is a topological order of what happened before what.
 *
 * Session by session, each key has a list of the transactions that wrote it and became visible since the session last
 * read the key. A read from `t1` puts all of them before `t1`, and only `t1` stays in the list: whatever a later read of
 * the key puts `t1` before, the others precede too. So each write is handled once for each session that sees it. Clocks
 * are kept for a block of sessions at a time, which bounds the memory.
 */
export function causalCommits(
  txns: Transactions,
  readsFrom: ReadsFrom,
  chains: Chains,
  order: Int32Array,
  bytes: number,
): CausalCommits {
  const edges = new Pairs();
  const unread = new UnreadLists(txns.keyNames.length);
  const stale: number[] = [];
  // A clock and its cover take four bytes each for every transaction and session.
  const width = Math.max(8, Math.min(chains.count, Math.floor(bytes / (8 * Math.max(1, txns.size)))));
  for (let from = 0; from < chains.count; from += width) {
    const clocks = new Clocks(txns, readsFrom, chains, order, from, Math.min(from + width, chains.count));
    const cover = clocks.times.slice();
    for (let session = 0; session < chains.count; session++) {
      walkSession(txns, readsFrom, chains, clocks, cover, unread, session, stale);
    }
    collect(clocks, cover, chains, edges);
  }
  return { ...edges.finish(), stale };
}

/** Raises in `cover` how much of each session of the block must come before each transaction that this session read. */
function walkSession(
  txns: Transactions,
  readsFrom: ReadsFrom,
  chains: Chains,
  { times, from, width }: Clocks,
  cover: Int32Array,
  unread: UnreadLists,
  session: number,
  stale: number[],
): void {
  const { opKind, opKey, firstOp } = txns;
  const { chain, place, first, members } = chains;
  unread.reset();
  const reached = new Int32Array(width);
  for (let i = first[session]!; i < first[session + 1]!; i++) {
    const t = members[i]!;
    for (let j = 0; j < width; j++) {
      const now = times[t * width + j]!;
      for (let p = reached[j]!; p < now; p++) becomeVisible(members[first[from + j]! + p]!);
      if (now > reached[j]!) reached[j] = now;
    }
    for (let o = firstOp[t]!; o < firstOp[t + 1]!; o++) {
      if (opKind[o] === READ && readsFrom.source[o] !== NONE) read(o);
    }
  }

  function becomeVisible(t: number): void {
    for (let o = firstOp[t]!; o < firstOp[t + 1]!; o++) {
      if (opKind[o] === WRITE && unread.head(opKey[o]!) !== t) unread.push(opKey[o]!, t);
    }
  }

  function read(o: number): void {
    const key = opKey[o]!;
    const saw = sourceTxn(txns, readsFrom, o);
    for (let node = unread.first(key); node >= 0; node = unread.next[node]!) {
      const t = unread.txn[node]!;
      if (saw === INITIAL) {
        stale.push(o);
        return;
      }
      if (t === saw) continue;
      const slot = saw * width + chain[t]! - from;
      if (place[t]! > cover[slot]!) cover[slot] = place[t]!;
    }
    if (saw === INITIAL) return;
    unread.empty(key);
    if (chain[saw]! >= from && chain[saw]! < from + width) unread.push(key, saw);
  }
}

/** The edges that the cover has beyond the clocks. */
function collect(
  { times, from, width }: Clocks,
  cover: Int32Array,
  { first, members }: Chains,
  edges: Pairs,
): void {
  for (let slot = 0; slot < cover.length; slot++) {
    if (cover[slot]! <= times[slot]!) continue;
    const session = from + (slot % width);
    edges.push(members[first[session]! + cover[slot]! - 1]!, Math.floor(slot / width));
  }
}

/** For each key a linked list of transactions, all in one pool. */
class UnreadLists {
  txn: Int32Array = new Int32Array(1024);
  next: Int32Array = new Int32Array(1024);
  private readonly heads: Int32Array;
  /** Which reset a key's list belongs to. */
  private readonly epochs: Int32Array;
  private epoch = 0;
  private used = 0;

  constructor(keyCount: number) {
    this.heads = new Int32Array(keyCount);
    this.epochs = new Int32Array(keyCount);
  }

  /** Empties all lists. */
  reset(): void {
    this.epoch++;
    this.used = 0;
  }

  /** The first node of a list, or -1. */
  first(key: number): number {
    return this.epochs[key] === this.epoch ? this.heads[key]! : -1;
  }

  /** The transaction at the head of the list, or -1. */
  head(key: number): number {
    const node = this.first(key);
    return node < 0 ? -1 : this.txn[node]!;
  }

  push(key: number, t: number): void {
    if (this.used === this.txn.length) {
      this.txn = extended(this.txn);
      this.next = extended(this.next);
    }
    const node = this.used++;
    this.txn[node] = t;
    this.next[node] = this.first(key);
    this.heads[key] = node;
    this.epochs[key] = this.epoch;
  }

  empty(key: number): void {
    this.heads[key] = -1;
  }
}

class Pairs {
  private from: Int32Array = new Int32Array(1024);
  private to: Int32Array = new Int32Array(1024);
  private length = 0;

  push(from: number, to: number): void {
    if (this.length === this.from.length) {
      this.from = extended(this.from);
      this.to = extended(this.to);
    }
    this.from[this.length] = from;
    this.to[this.length++] = to;
  }

  finish(): Pick<CausalCommits, 'from' | 'to' | 'length'> {
    return { from: this.from, to: this.to, length: this.length };
  }
}

function extended(column: Int32Array): Int32Array {
  const larger = new Int32Array(column.length * 2);
  larger.set(column);
  return larger;
}
