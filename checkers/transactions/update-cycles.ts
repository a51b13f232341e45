import { type Graph, GraphBuilder, RW, WR, WW } from './graph.ts';
import { type CycleEdge, PathSearch } from './path-search.ts';
import { Steps } from './steps.ts';

/** After a cycle was found, so many more steps go into finding a shorter one. */
const STEPS_FOR_SHORTER = 500_000;

/**
 * A shortest cycle of which at most one transaction only reads (Adya 1999, section 4.3.2); undefined when there is none.
 * Edges of kind `also` count as dependencies do.
 */
export function cycleOfUpdates(
  graph: Graph,
  updates: (v: number) => boolean,
  also: number,
  steps: Steps,
): readonly CycleEdge[] | undefined | 'undecided' {
  const { size, txnCount } = graph;
  const walk = { kinds: WW | WR | RW | also, blocks: 0, session: false, realtime: false };
  const paths = new PathSearch(withSplitReaders(graph, updates));
  const effort = new Steps(STEPS_FOR_SHORTER);
  let best: readonly CycleEdge[] | undefined;
  for (let v = 0; v < txnCount && best?.length !== 2; v++) {
    if (steps.exhausted || effort.exhausted) return best ?? 'undecided';
    const limit = best === undefined ? size : best.length - 1;
    const start = updates(v) ? v : size + v;
    best = paths.shortest(start, v, walk, limit, 0, best === undefined ? steps : effort) ?? best;
  }
  return best?.map((edge) => ({ ...edge, from: edge.from % size }));
}

/** The edges of transaction `v` that only reads leave from node `size + v`, to which none leads: so no path runs through it. */
function withSplitReaders(
  { size, txnCount, first, to, kind, witness }: Graph,
  updates: (v: number) => boolean,
): Graph {
  const builder = new GraphBuilder(size + txnCount, to.length);
  for (let v = 0; v < size; v++) {
    const from = v < txnCount && !updates(v) ? size + v : v;
    for (let e = first[v]!; e < first[v + 1]!; e++) builder.edge(from, to[e]!, kind[e]!, witness[e]!);
  }
  const none = new Int32Array(size + txnCount).fill(-1);
  return { ...builder.build(none, none), txnCount };
}
