/** Kinds of dependency (Adya 1999, section 3.1), as bits so that sets of them are masks. */
export const WW = 1;
export const WR = 2;
export const RW = 4;
/**
 * Out of a junction: a node that stands between many readers and many writers, so that their product need not be
 * stored. It carries on whatever led into the junction.
 */
export const VIA = 8;
/** Two transactions of one session, the earlier first, where not all of session order counts. */
export const SESSION = 16;
/** The earlier ended before the later began. Never stored. */
export const REALTIME = 32;
/** Must have been committed before: someone saw the one, which wrote a key, and still read it from the other. */
export const COMMIT = 64;
/** A write by a session that had read from the other transaction before. */
export const FOLLOWS = 128;
/** One way in which versions that nobody read may have followed each other. Proves that an order exists, never that none does. */
export const GUESSED = 256;

/**
 * Transactions and what orders them. The stored edges are the dependencies; session order and real time are implicit:
 * `next` is the following transaction of the session, and everything from `after` on began after this one ended
 * (transactions are numbered in the order of their invocations), which is real-time order without a single edge.
 */
export interface Graph {
  /** Transactions, then junctions. */
  readonly size: number;
  readonly txnCount: number;
  /** Edges of node `v`: `first[v] <= e < first[v + 1]`. */
  readonly first: Int32Array;
  readonly to: Int32Array;
  readonly kind: Uint16Array;
  /** A micro-operation that shows the dependency: the read of `WR` and `RW`, for `WW` a write of the same key. */
  readonly witness: Int32Array;
  /** The next transaction of the same session, or -1. */
  readonly next: Int32Array;
  /** The first transaction in order that began after this one ended; `txnCount` when there is none. */
  readonly after: Int32Array;
}

/** Which orders to follow. */
export interface Orders {
  /** A union of kinds of stored edges. */
  readonly kinds: number;
  readonly session: boolean;
  readonly realtime: boolean;
}

/** Collects edges, then sorts them by their source. */
export class GraphBuilder {
  private readonly txnCount: number;
  private junctions = 0;
  private edges = 0;
  private source: Int32Array;
  private target: Int32Array;
  private kind: Uint16Array;
  private witness: Int32Array;

  /** `expected`: about so many edges there will be. */
  constructor(txnCount: number, expected = 64) {
    this.txnCount = txnCount;
    this.source = new Int32Array(expected);
    this.target = new Int32Array(expected);
    this.kind = new Uint16Array(expected);
    this.witness = new Int32Array(expected);
  }

  junction(): number {
    return this.txnCount + this.junctions++;
  }

  edge(from: number, to: number, kind: number, witness: number): void {
    if (from === to) return;
    const e = this.edges++;
    if (e === this.source.length) this.grow();
    this.source[e] = from;
    this.target[e] = to;
    this.kind[e] = kind;
    this.witness[e] = witness;
  }

  build(next: Int32Array, after: Int32Array): Graph {
    const size = this.txnCount + this.junctions;
    const { edges, source } = this;
    const first = new Int32Array(size + 1);
    for (let e = 0; e < edges; e++) first[source[e]! + 1]!++;
    for (let v = 0; v < size; v++) first[v + 1]! += first[v]!;
    const cursor = first.slice(0, size);
    const to = new Int32Array(edges);
    const kind = new Uint16Array(edges);
    const witness = new Int32Array(edges);
    for (let e = 0; e < edges; e++) {
      const slot = cursor[source[e]!]!++;
      to[slot] = this.target[e]!;
      kind[slot] = this.kind[e]!;
      witness[slot] = this.witness[e]!;
    }
    return {
      size,
      txnCount: this.txnCount,
      first,
      to,
      kind,
      witness,
      next: padded(next, size, -1),
      after: padded(after, size, this.txnCount),
    };
  }

  private grow(): void {
    const larger = this.source.length * 2 + 64;
    this.source = extended(this.source, new Int32Array(larger));
    this.target = extended(this.target, new Int32Array(larger));
    this.kind = extended(this.kind, new Uint16Array(larger));
    this.witness = extended(this.witness, new Int32Array(larger));
  }
}

/** The column with a place for each junction too. */
function padded(column: Int32Array, size: number, filler: number): Int32Array {
  if (column.length === size) return column;
  const out = new Int32Array(size).fill(filler);
  out.set(column);
  return out;
}

function extended<A extends { set(from: A): void }>(from: A, to: A): A {
  to.set(from);
  return to;
}

/** Calls `visit` for the transactions whose versions are known to come next after those of `v`, also through junctions. */
export function eachNewer(graph: Graph, v: number, visit: (w: number, witness: number) => void): void {
  const open: [node: number, witness: number][] = [[v, -1]];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const [node, shown] = at;
    for (let e = graph.first[node]!; e < graph.first[node + 1]!; e++) {
      if ((graph.kind[e]! & (WW | VIA)) === 0) continue;
      const witness = graph.kind[e] === WW ? graph.witness[e]! : shown;
      if (graph.to[e]! < graph.txnCount) visit(graph.to[e]!, witness);
      else open.push([graph.to[e]!, witness]);
    }
  }
}

/** The graph of some kinds of a graph's edges, and more edges. */
export function extendedWith(
  graph: Graph,
  kinds: number,
  add: (edge: (from: number, to: number, kind: number, witness: number) => void) => void,
): Graph {
  const builder = new GraphBuilder(graph.size, graph.to.length);
  for (let v = 0; v < graph.size; v++) {
    for (let e = graph.first[v]!; e < graph.first[v + 1]!; e++) {
      if ((graph.kind[e]! & (kinds | VIA)) !== 0)
        builder.edge(v, graph.to[e]!, graph.kind[e]!, graph.witness[e]!);
    }
  }
  add((from, to, kind, witness) => builder.edge(from, to, kind, witness));
  return { ...builder.build(graph.next, graph.after), txnCount: graph.txnCount };
}

/** A part of a graph, its nodes numbered anew in the same order. */
export interface Part {
  readonly graph: Graph;
  /** What each node was called in the whole graph. */
  readonly nodes: Int32Array;
}

/** The subgraph of `nodes`, which must be sorted. */
export function induced(whole: Graph, nodes: Int32Array): Part {
  const txnCount = firstAtLeast(nodes, whole.txnCount);
  const builder = new GraphBuilder(nodes.length);
  const next = new Int32Array(nodes.length).fill(-1);
  const after = new Int32Array(nodes.length).fill(txnCount);
  for (let i = 0; i < nodes.length; i++) {
    const v = nodes[i]!;
    for (let e = whole.first[v]!; e < whole.first[v + 1]!; e++) {
      const to = indexOf(nodes, whole.to[e]!);
      if (to >= 0) builder.edge(i, to, whole.kind[e]!, whole.witness[e]!);
    }
    if (whole.next[v]! >= 0) next[i] = indexOf(nodes, whole.next[v]!);
    after[i] = Math.min(firstAtLeast(nodes, whole.after[v]!), txnCount);
  }
  return { nodes, graph: { ...builder.build(next, after), txnCount } };
}

function indexOf(sorted: Int32Array, value: number): number {
  const i = firstAtLeast(sorted, value);
  return sorted[i] === value ? i : -1;
}

/** The first index whose entry is at least `bound`. */
function firstAtLeast(sorted: Int32Array, bound: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! < bound) low = middle + 1;
    else high = middle;
  }
  return low;
}
