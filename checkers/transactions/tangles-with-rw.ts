import { components } from './components.ts';
import { type Graph, RW, VIA } from './graph.ts';
import type { Walk } from './path-search.ts';

/**
 * The node sets within which the closed walks with an anti-dependency run. Where some edges may not come before an
 * anti-dependency, these are the components of a graph with each node twice: as it is after an edge that an
 * anti-dependency may follow, and as it is after one that it may not.
 */
export function tanglesWithRw(graph: Graph, walk: Walk): Int32Array[] {
  if (walk.blocks === 0) return withRw(graph, components(graph, walk), 0);
  const tangles = withRw(graph, components(twice(graph, walk.blocks), walk), graph.size);
  return tangles.map((states) => Int32Array.from(new Set(states.map((state) => state % graph.size))).sort());
}

/** The node sets, sorted each, inside which there is an anti-dependency; its end is sought `offset` further up. */
function withRw({ size, first, to, kind }: Graph, sets: readonly Int32Array[], offset: number): Int32Array[] {
  const label = new Int32Array(size + offset);
  sets.forEach((nodes, i) => {
    for (const v of nodes) label[v] = i + 1;
  });
  return sets.filter((nodes) => nodes.some((v) => v < size && leadsInside(v)));

  function leadsInside(v: number): boolean {
    for (let e = first[v]!; e < first[v + 1]!; e++) {
      if (kind[e] === RW && label[to[e]! + offset] === label[v]) return true;
    }
    return false;
  }
}

/** The graph of states: node `v` where an anti-dependency may follow, and `size + v` where none may. */
function twice(graph: Graph, blocks: number): Graph {
  const { size } = graph;
  const edges = graph.to.length;
  const first = new Int32Array(2 * size + 1);
  const to = new Int32Array(2 * edges);
  const kind = new Uint16Array(2 * edges);
  let end = 0;
  for (let copy = 0; copy < 2; copy++) {
    for (let v = 0; v < size; v++) {
      first[copy * size + v] = end;
      for (let e = graph.first[v]!; e < graph.first[v + 1]!; e++) {
        const k = graph.kind[e]!;
        if (copy === 1 && k === RW) continue;
        to[end] = graph.to[e]! + (k === VIA ? copy * size : (k & blocks) === 0 ? 0 : size);
        kind[end++] = k;
      }
    }
  }
  first[2 * size] = end;
  return {
    size: 2 * size,
    txnCount: graph.txnCount,
    first,
    to,
    kind,
    witness: to,
    next: repeated(graph.next),
    after: repeated(graph.after),
  };
}

function repeated(column: Int32Array): Int32Array {
  const out = new Int32Array(column.length * 2);
  out.set(column);
  out.set(column, column.length);
  return out;
}
