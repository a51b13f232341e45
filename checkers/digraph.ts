/** A directed graph on the nodes 0 to `size - 1`. Of node `v`, the edges are `first[v]` to `first[v + 1] - 1`. */
export interface Digraph {
  readonly size: number;
  readonly first: Int32Array;
  readonly to: Int32Array;
  /** The number that each edge had when it was given. */
  readonly label: Int32Array;
}

/** Edges in the making: `from[e]` to `to[e]`. */
export class Edges {
  count = 0;
  from = new Int32Array(16);
  to = new Int32Array(16);

  /** Adds an edge and returns its number. */
  add(from: number, to: number): number {
    if (this.count === this.from.length) {
      this.from = doubled(this.from);
      this.to = doubled(this.to);
    }
    this.from[this.count] = from;
    this.to[this.count] = to;
    return this.count++;
  }

  /** The graph of the edges so far. */
  graph(size: number): Digraph {
    const first = new Int32Array(size + 1);
    for (let e = 0; e < this.count; e++) first[this.from[e]! + 1]!++;
    for (let v = 0; v < size; v++) first[v + 1]! += first[v]!;
    const next = first.slice(0, size);
    const to = new Int32Array(this.count);
    const label = new Int32Array(this.count);
    for (let e = 0; e < this.count; e++) {
      const at = next[this.from[e]!]!++;
      to[at] = this.to[e]!;
      label[at] = e;
    }
    return { size, first, to, label };
  }
}

function doubled(array: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(2 * array.length);
  larger.set(array);
  return larger;
}

/** The strongly connected components with a cycle, smallest first (Tarjan 1972, without recursion). */
export function cyclicComponents({ size, first, to }: Digraph): number[][] {
  const found: number[][] = [];
  /** Order of discovery from 1; 0 is undiscovered, infinite is in a complete component. */
  const number = new Float64Array(size);
  const low = new Float64Array(size);
  const cursor = first.slice(0, size);
  const path: number[] = [];
  const open: number[] = [];
  let discovered = 0;
  const enter = (v: number): void => {
    number[v] = low[v] = ++discovered;
    path.push(v);
    open.push(v);
  };
  const complete = (v: number): void => {
    const members = open.splice(open.lastIndexOf(v));
    for (const w of members) number[w] = Number.POSITIVE_INFINITY;
    const loops = members.length > 1 || to.subarray(first[v]!, first[v + 1]!).includes(v);
    if (loops) found.push(members);
  };
  for (let root = 0; root < size; root++) {
    if (number[root] !== 0) continue;
    enter(root);
    while (path.length > 0) {
      const v = path[path.length - 1]!;
      if (cursor[v]! < first[v + 1]!) {
        const w = to[cursor[v]!++]!;
        if (number[w] === 0) enter(w);
        else if (number[w]! < low[v]!) low[v] = number[w]!;
        continue;
      }
      path.pop();
      if (low[v] === number[v]) complete(v);
      else {
        const parent = path[path.length - 1]!;
        if (low[v]! < low[parent]!) low[parent] = low[v]!;
      }
    }
  }
  return found.sort((a, b) => a.length - b.length);
}

/** How many nodes of a component a shortest cycle is looked for from. */
const CYCLE_SOURCES = 16;

/**
 * A short cycle in a strongly connected component, as the positions in `graph.to` of its edges, in order. The length
 * counts only edges for which `free` is false. Exactly shortest in components of at most 16 nodes.
 */
export function shortCycle(
  graph: Digraph,
  component: readonly number[],
  free: (edge: number) => boolean,
): number[] {
  const inside = new Uint8Array(graph.size);
  for (const v of component) inside[v] = 1;
  const stride = Math.max(1, Math.floor(component.length / CYCLE_SOURCES));
  let best: number[] = [];
  let bestCost = Number.POSITIVE_INFINITY;
  for (let i = 0; i < component.length && i / stride < CYCLE_SOURCES; i += stride) {
    const cycle = cycleThrough(graph, inside, component[i]!, free);
    const cost = cycle.filter((edge) => !free(edge)).length;
    if (cycle.length > 0 && cost < bestCost) {
      best = cycle;
      bestCost = cost;
    }
  }
  return best;
}

/** The cheapest way from `source` back to itself, by breadth-first search in which free edges take no step. */
function cycleThrough(
  { size, first, to }: Digraph,
  inside: Uint8Array,
  source: number,
  free: (edge: number) => boolean,
): number[] {
  /** The edge that each node was reached by, and where that edge begins. */
  const via = new Int32Array(size).fill(-1);
  const before = new Int32Array(size);
  let level = [source];
  while (level.length > 0) {
    const nextLevel: number[] = [];
    // Grows while free edges lead on.
    for (let i = 0; i < level.length; i++) {
      const v = level[i]!;
      for (let e = first[v]!; e < first[v + 1]!; e++) {
        const w = to[e]!;
        if (inside[w] === 0 || via[w]! >= 0) continue;
        via[w] = e;
        before[w] = v;
        if (w === source) return backFrom(source, via, before);
        (free(e) ? level : nextLevel).push(w);
      }
    }
    level = nextLevel;
  }
  return [];
}

function backFrom(source: number, via: Int32Array, before: Int32Array): number[] {
  const edges: number[] = [];
  let v = source;
  do {
    edges.push(via[v]!);
    v = before[v]!;
  } while (v !== source);
  return edges.reverse();
}
