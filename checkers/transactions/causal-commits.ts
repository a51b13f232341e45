import { Edges } from '../digraph.ts';
import type { Chains } from './chains.ts';
import { Clocks } from './clocks.ts';
import { type KeyAccesses, keyAccesses } from './key-accesses.ts';
import type { Transactions } from './micro-operations.ts';
import { INITIAL, type ReadsFrom } from './reads-from.ts';
import { RecentWriters } from './recent-writers.ts';

/** What the axiom of causal consistency demands of the order of commits. */
export interface CausalCommits {
  /** `from[e]` must have been committed before `to[e]`: someone saw `from[e]` and still read a key of it from `to[e]`. */
  readonly edges: Edges;
  /** Reads of the initial version of a key by transactions before which a write of it had happened. */
  readonly stale: readonly number[];
}

/**
 * The commit edges of causal consistency (Biswas and Enea 2019, figure 2c; AWDIT, PLDI 2025, section 5), without those
 * that happened-before or other such edges imply. `order` is a topological order of what happened before what.
 *
 * Key by key, so that what is known of one key stays in the cache, and within that session by session, so that what is
 * visible only becomes more. A read from `t1` puts before `t1` of each session the last write that has become visible
 * since the session last read the key, and the one that it read then, which follows all that was visible by that time.
 * Clocks are kept for a block of sessions at a time, which bounds the memory.
 */
export function causalCommits(
  txns: Transactions,
  readsFrom: ReadsFrom,
  chains: Chains,
  order: Int32Array,
  bytes: number,
): CausalCommits {
  const edges = new Edges();
  const stale = new Set<number>();
  const accesses = keyAccesses(txns, readsFrom, chains);
  // A clock takes four bytes for every transaction and session, and so does what one key demands, at most.
  const width = Math.max(8, Math.min(chains.count, Math.floor(bytes / (8 * Math.max(1, txns.size)))));
  for (let from = 0; from < chains.count; from += width) {
    const clocks = new Clocks(txns, readsFrom, chains, order, from, Math.min(from + width, chains.count));
    const all = clocks.width === chains.count;
    const recent = all ? new RecentWriters(txns, chains, accesses, clocks, order) : undefined;
    const versions = new KeyVersions(txns, readsFrom, chains, accesses, clocks, recent);
    for (let key = 0; key < txns.keyNames.length; key++) versions.key(key, edges, stale);
  }
  return { edges, stale: [...stale].sort((a, b) => a - b) };
}

/** Beyond every place in a chain. */
const NEVER = 0x7fffffff;

/** The versions of one key after another, written by a block of chains. */
class KeyVersions {
  private readonly txns: Transactions;
  private readonly readsFrom: ReadsFrom;
  private readonly chains: Chains;
  private readonly accesses: KeyAccesses;
  private readonly clocks: Clocks;
  private readonly recent: RecentWriters | undefined;
  /** By chain, the last read that has had its answer about it. */
  private readonly asked: Int32Array;
  /** The chains of the block that wrote the key: which each is, and where its writers begin and end. */
  private slots = 0;
  private readonly column: Int32Array;
  private readonly begin: Int32Array;
  private readonly end: Int32Array;
  private readonly slotOf: Int32Array;
  /** Of each such chain, the first writer not yet visible to the session, and its place. */
  private readonly cursor: Int32Array;
  private readonly hidden: Int32Array;
  /** Whether these are those of the session at hand. */
  private wound = false;
  /** By version and slot, the place up to which writers must be committed before the version; and where that isn't 0. */
  private cover = new Int32Array(1024);
  private readonly covered: number[] = [];

  constructor(
    txns: Transactions,
    readsFrom: ReadsFrom,
    chains: Chains,
    accesses: KeyAccesses,
    clocks: Clocks,
    recent: RecentWriters | undefined,
  ) {
    this.txns = txns;
    this.readsFrom = readsFrom;
    this.chains = chains;
    this.accesses = accesses;
    this.clocks = clocks;
    this.recent = recent;
    this.asked = new Int32Array(clocks.width).fill(-1);
    this.column = new Int32Array(clocks.width);
    this.begin = new Int32Array(clocks.width);
    this.end = new Int32Array(clocks.width);
    this.slotOf = new Int32Array(clocks.width);
    this.cursor = new Int32Array(clocks.width);
    this.hidden = new Int32Array(clocks.width);
  }

  /** Adds the edges that the reads of a key demand, and those of its initial version that are too old. */
  key(key: number, edges: Edges, stale: Set<number>): void {
    const { firstRead, reads } = this.accesses;
    const { opTxn } = this.txns;
    this.cut(key);
    if (this.slots === 0) return;
    let session = -1;
    let saw = -1;
    for (let i = firstRead[key]!; i < firstRead[key + 1]!; i++) {
      const o = reads[i]!;
      const reader = opTxn[o]!;
      if (this.chains.chain[reader] !== session) {
        session = this.chains.chain[reader]!;
        saw = -1;
        this.wound = false;
      }
      const source = this.readsFrom.source[o]!;
      if (source === INITIAL) {
        if (this.seesAny(reader)) stale.add(o);
        continue;
      }
      const version = this.accesses.writerOf[source]!;
      if (!this.lookBack(o, key, reader, version)) {
        this.advance(key, reader, version);
        if (saw >= 0) this.follow(key, saw, version);
      }
      saw = version;
    }
    this.collect(key, edges);
  }

  /** Finds the chains that wrote the key. */
  private cut(key: number): void {
    const { firstWriter, writers } = this.accesses;
    const { from, width } = this.clocks;
    const { chain } = this.chains;
    const last = firstWriter[key + 1]!;
    this.slots = 0;
    let before = -1;
    for (let i = firstWriter[key]!; i < last; i++) {
      const column = chain[writers[i]!]! - from;
      if (column < 0 || column >= width) continue;
      if (column !== before) {
        this.column[this.slots] = column;
        this.slotOf[column] = this.slots;
        this.begin[this.slots++] = i;
        before = column;
      }
      this.end[this.slots - 1] = i + 1;
    }
    const size = (last - firstWriter[key]!) * this.slots;
    if (this.cover.length < size) this.cover = new Int32Array(2 * size);
  }

  /**
   * Puts before the version that was read by `o` whatever its reader knows and its writer doesn't, of each chain the last
   * writer. False where so many would have to be looked at that it is better to go by chains.
   */
  private lookBack(o: number, key: number, reader: number, version: number): boolean {
    const { recent, asked } = this;
    if (recent === undefined) return false;
    const end = recent.end[o]!;
    const begin = recent.begin[version]!;
    if (end - begin > 2 * this.slots) return false;
    const { times, width } = this.clocks;
    const row = reader * width;
    const writerRow = this.accesses.writers[version]! * width;
    for (let i = end - 1; i >= begin; i--) {
      const chain = recent.chains[i]!;
      const place = recent.places[i]!;
      if (asked[chain] === o || place > times[row + chain]!) continue;
      asked[chain] = o;
      if (place > times[writerRow + chain]! && recent.writers[i] !== version)
        this.raise(key, version, this.slotOf[chain]!, place);
    }
    return true;
  }

  private raise(key: number, version: number, slot: number, place: number): void {
    const at = (version - this.accesses.firstWriter[key]!) * this.slots + slot;
    if (this.cover[at]! >= place) return;
    if (this.cover[at] === 0) this.covered.push(at);
    this.cover[at] = place;
  }

  /** Back to where no writer is visible. */
  private rewind(): void {
    this.wound = true;
    for (let j = 0; j < this.slots; j++) {
      this.cursor[j] = this.begin[j]!;
      this.hidden[j] = this.accesses.places[this.begin[j]!]!;
    }
  }

  private seesAny(reader: number): boolean {
    const { times, width } = this.clocks;
    for (let j = 0; j < this.slots; j++) {
      const seen = times[reader * width + this.column[j]!]!;
      if (this.accesses.places[this.begin[j]!]! <= seen) return true;
    }
    return false;
  }

  /** Puts all that has become visible to `reader` before the version that it read. */
  private advance(key: number, reader: number, version: number): void {
    const { slots, column, hidden, cursor, end } = this;
    const { writers, places } = this.accesses;
    if (!this.wound) this.rewind();
    const { times, width } = this.clocks;
    const writer = writers[version]!;
    const row = reader * width;
    const writerRow = writer * width;
    for (let j = 0; j < slots; j++) {
      const seen = times[row + column[j]!]!;
      if (hidden[j]! > seen) continue;
      let last = 0;
      let c = cursor[j]!;
      for (; hidden[j]! <= seen; hidden[j] = c < end[j]! ? places[c]! : NEVER) {
        last = hidden[j]!;
        c++;
      }
      cursor[j] = c;
      if (last > times[writerRow + column[j]!]! && writers[c - 1] !== writer)
        this.raise(key, version, j, last);
    }
  }

  /** Puts the version that the session had read before the one that it reads now. */
  private follow(key: number, saw: number, version: number): void {
    const { writers, places } = this.accesses;
    const { times, from, width } = this.clocks;
    const column = this.chains.chain[writers[saw]!]! - from;
    if (saw === version || column < 0 || column >= width) return;
    if (places[saw]! > times[writers[version]! * width + column]!)
      this.raise(key, version, this.slotOf[column]!, places[saw]!);
  }

  /** Turns what is covered into edges, and clears it. */
  private collect(key: number, edges: Edges): void {
    const { firstWriter, writers } = this.accesses;
    const { first, members } = this.chains;
    for (const at of this.covered) {
      const chain = this.clocks.from + this.column[at % this.slots]!;
      const before = members[first[chain]! + this.cover[at]! - 1]!;
      edges.add(before, writers[firstWriter[key]! + Math.floor(at / this.slots)]!);
      this.cover[at] = 0;
    }
    this.covered.length = 0;
  }
}
