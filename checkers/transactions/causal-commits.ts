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
 * read the key, of each session the last. A read from `t1` puts all of them before `t1`, and only `t1` stays in the list:
 * whatever a later read of the key puts `t1` before, the others precede too. So each write is handled once for each
 * session that sees it. Clocks are kept for a block of sessions at a time, which bounds the memory.
 */
export function causalCommits(
  txns: Transactions,
  readsFrom: ReadsFrom,
  chains: Chains,
  order: Int32Array,
  bytes: number,
): CausalCommits {
  const edges = new Pairs();
  const walk = new Walk(txns, readsFrom, chains);
  // A clock and its cover take four bytes each for every transaction and session.
  const width = Math.max(8, Math.min(chains.count, Math.floor(bytes / (8 * Math.max(1, txns.size)))));
  for (let from = 0; from < chains.count; from += width) {
    const clocks = new Clocks(txns, readsFrom, chains, order, from, Math.min(from + width, chains.count));
    const cover = clocks.times.slice();
    for (let session = 0; session < chains.count; session++) walk.session(session, clocks, cover);
    collect(clocks, cover, chains, edges);
  }
  return { ...edges.finish(), stale: walk.stale };
}

/** What every session has seen, one after another. */
class Walk {
  readonly stale: number[] = [];
  private readonly txns: Transactions;
  private readonly readsFrom: ReadsFrom;
  private readonly chains: Chains;
  /** The keys that each member of a chain wrote: those of member `i` are `keyFirst[i] <= w < keyFirst[i + 1]`. */
  private readonly keyFirst: Int32Array;
  private readonly keys: Int32Array;
  /**
   * For each key a linked list of transactions; `-1` ends it. Only valid where the key's epoch is the present one. A node
   * is three numbers side by side, because to follow a list is mostly to wait for memory: chain, place, next node.
   */
  private readonly heads: Int32Array;
  private readonly epochs: Int32Array;
  private epoch = 0;
  private nodes: Int32Array = new Int32Array(3 * 1024);
  private end = 0;
  /** Nodes that may be used again, as a list: so few are in use that they stay in the cache. */
  private free = -1;

  constructor(txns: Transactions, readsFrom: ReadsFrom, chains: Chains) {
    this.txns = txns;
    this.readsFrom = readsFrom;
    this.chains = chains;
    this.heads = new Int32Array(txns.keyNames.length);
    this.epochs = new Int32Array(txns.keyNames.length);
    const { members } = chains;
    this.keyFirst = new Int32Array(members.length + 1);
    this.keys = new Int32Array(txns.opKind.length);
    let end = 0;
    for (let i = 0; i < members.length; i++) {
      this.keyFirst[i] = end;
      for (let o = txns.firstOp[members[i]!]!; o < txns.firstOp[members[i]! + 1]!; o++) {
        if (txns.opKind[o] === WRITE) this.keys[end++] = txns.opKey[o]!;
      }
    }
    this.keyFirst[members.length] = end;
  }

  /** Raises in `cover` how much of each session of the block must come before each transaction that a session read. */
  session(session: number, clocks: Clocks, cover: Int32Array): void {
    const { opKind, firstOp } = this.txns;
    const { first, members } = this.chains;
    const { times, from, width } = clocks;
    const reached = new Int32Array(width);
    this.epoch++;
    this.end = 0;
    this.free = -1;
    for (let i = first[session]!; i < first[session + 1]!; i++) {
      const t = members[i]!;
      for (let j = 0, slot = t * width; j < width; j++, slot++) {
        const now = times[slot]!;
        const before = reached[j]!;
        if (now <= before) continue;
        const start = first[from + j]!;
        this.becomeVisible(start + before, start + now, from + j);
        reached[j] = now;
      }
      for (let o = firstOp[t]!; o < firstOp[t + 1]!; o++) {
        if (opKind[o] === READ && this.readsFrom.source[o] !== NONE) this.read(o, clocks, cover);
      }
    }
  }

  /** Puts members of a chain into the lists of the keys that they wrote, in the place of earlier ones of their chain. */
  private becomeVisible(begin: number, end: number, chain: number): void {
    const { keyFirst, keys, heads, epochs, epoch } = this;
    const start = this.chains.first[chain]! - 1;
    for (let i = begin; i < end; i++) {
      for (let w = keyFirst[i]!; w < keyFirst[i + 1]!; w++) {
        const key = keys[w]!;
        const head = epochs[key] === epoch ? heads[key]! : -1;
        if (head >= 0 && this.nodes[head] === chain) this.nodes[head + 1] = i - start;
        else this.push(key, chain, i - start);
      }
    }
  }

  private read(o: number, { from, width }: Clocks, cover: Int32Array): void {
    const { chain, place } = this.chains;
    const key = this.txns.opKey[o]!;
    const saw = sourceTxn(this.txns, this.readsFrom, o);
    const head = this.epochs[key] === this.epoch ? this.heads[key]! : -1;
    if (saw === INITIAL) {
      if (head >= 0 && this.stale.at(-1) !== o) this.stale.push(o);
      return;
    }
    const { nodes } = this;
    const [sawChain, sawPlace] = [chain[saw]!, place[saw]!];
    const row = saw * width - from;
    let last = -1;
    for (let node = head; node >= 0; node = nodes[node + 2]!) {
      last = node;
      const slot = row + nodes[node]!;
      if (nodes[node] === sawChain && nodes[node + 1] === sawPlace) continue;
      if (nodes[node + 1]! > cover[slot]!) cover[slot] = nodes[node + 1]!;
    }
    if (last >= 0) {
      nodes[last + 2] = this.free;
      this.free = head;
    }
    this.heads[key] = -1;
    if (sawChain >= from && sawChain < from + width) this.push(key, sawChain, sawPlace);
  }

  private push(key: number, chain: number, place: number): void {
    let node = this.free;
    if (node >= 0) this.free = this.nodes[node + 2]!;
    else {
      node = this.end;
      if (node === this.nodes.length) this.nodes = extended(this.nodes);
      this.end += 3;
    }
    this.nodes[node] = chain;
    this.nodes[node + 1] = place;
    this.nodes[node + 2] = this.epochs[key] === this.epoch ? this.heads[key]! : -1;
    this.heads[key] = node;
    this.epochs[key] = this.epoch;
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
