import type { AnomalyKind } from './anomalies.ts';
import { components } from './components.ts';
import { type Graph, induced, type Part, REALTIME, RW, SESSION, WR, WW } from './graph.ts';
import { type CycleEdge, PathSearch, type Walk } from './path-search.ts';
import { Steps } from './steps.ts';
import { tanglesWithRw } from './tangles-with-rw.ts';
import { cycleOfUpdates } from './update-cycles.ts';

/** A cycle of dependencies, with the transactions' numbers in the whole graph. */
export interface Cycle {
  readonly kind: AnomalyKind;
  readonly edges: readonly CycleEdge[];
}

/** A kind of cycle, before session order and real time come into it. Worst first. */
export interface CycleClass {
  readonly kind: string;
  readonly kinds: number;
  readonly blocks: number;
  /** How many anti-dependencies the cycle has. */
  readonly rw: 'none' | 'one' | 'some';
}

export const CLASSES: readonly CycleClass[] = [
  { kind: 'G0', kinds: WW, blocks: 0, rw: 'none' },
  { kind: 'G1c', kinds: WW | WR, blocks: 0, rw: 'none' },
  { kind: 'G-single-item', kinds: WW | WR | RW, blocks: RW, rw: 'one' },
  { kind: 'G-nonadjacent-item', kinds: WW | WR | RW, blocks: RW, rw: 'some' },
  { kind: 'prefix-violation', kinds: WW | WR | RW, blocks: RW | WW, rw: 'some' },
  { kind: 'G2-item', kinds: WW | WR | RW, blocks: 0, rw: 'some' },
];

/** Which orders besides the dependencies count. */
export interface Level {
  readonly session: boolean;
  readonly realtime: boolean;
}

/** After a cycle was found, so many more steps go into finding a shorter one. */
const STEPS_FOR_SHORTER = 500_000;

/** What a cycle is called; by what is in it, so that the name is right even after a search that gave up. */
export function kindOf({ kind }: CycleClass, edges: readonly CycleEdge[]): AnomalyKind {
  if (kind === 'prefix-violation') return kind;
  const has = (k: number) => edges.some((edge) => edge.kind === k);
  const suffix = has(REALTIME) ? '-realtime' : has(SESSION) ? '-process' : '';
  const rw = edges.filter((edge) => edge.kind === RW).length;
  const adjacent = edges.some((edge, i) => edge.kind === RW && edges[(i + 1) % edges.length]!.kind === RW);
  if (rw === 0) return has(WR) ? `G1c${suffix}` : kind === 'G0' || has(WW) ? `G0${suffix}` : `G1c${suffix}`;
  if (rw === 1) return `G-single-item${suffix}`;
  return adjacent ? `G2-item${suffix}` : `G-nonadjacent-item${suffix}`;
}

/** A shortest cycle of a class; undefined when there is none. */
export function cycleOf(
  part: Part,
  { kinds, blocks, rw }: CycleClass,
  { session, realtime }: Level,
  steps: Steps,
): readonly CycleEdge[] | undefined | 'undecided' {
  const walk = { kinds, blocks, session, realtime };
  if (rw === 'none') return firstOf(part, components(part.graph, walk), (sub) => anyCycle(sub, walk, steps));
  const tangles = tanglesWithRw(part.graph, walk);
  const back = rw === 'one' ? { ...walk, kinds: kinds & ~RW } : walk;
  return firstOf(part, tangles, (sub) => cycleWithRw(sub, new PathSearch(sub), back, steps));
}

/**
 * A shortest cycle of the kind, or of a worse one, in a graph that has one. `updates` tells which transactions write.
 */
export function cycleAmong(
  graph: Graph,
  kind: AnomalyKind,
  level: Level,
  updates: readonly boolean[],
): readonly CycleEdge[] {
  const patient = new Steps(Number.POSITIVE_INFINITY);
  const cycle = kind === 'G-update' ? cycleOfUpdates(graph, (v) => updates[v]!, 0, patient) : undefined;
  if (cycle !== undefined && cycle !== 'undecided') return cycle;
  const name = kind.replace(/-(process|realtime)$/, '');
  const whole = { graph, nodes: Int32Array.from({ length: graph.size }, (_, v) => v) };
  const wanted = CLASSES.filter((each) => each.rw === 'none' || each.kind === name);
  for (const each of wanted) {
    const edges = cycleOf(whole, each, level, patient);
    if (edges !== undefined && edges !== 'undecided') return edges;
  }
  const pair = missedByNeighbour(graph, kind === 'lost-update' ? WW : WW | WR);
  if (pair === undefined) throw new Error(`there is no cycle of kind ${kind} where one was found`);
  return pair;
}

/** A transaction that misses something of one that it depends on directly. */
function missedByNeighbour(
  { size, first, to, kind, witness }: Graph,
  kinds: number,
): readonly CycleEdge[] | undefined {
  const edge = (from: number, e: number): CycleEdge => ({
    from,
    to: to[e]!,
    kind: kind[e]!,
    witness: witness[e]!,
  });
  for (let v = 0; v < size; v++) {
    for (let e = first[v]!; e < first[v + 1]!; e++) {
      if (kind[e] !== RW) continue;
      const w = to[e]!;
      for (let f = first[w]!; f < first[w + 1]!; f++) {
        if (to[f] === v && (kind[f]! & kinds) !== 0) return [edge(v, e), edge(w, f)];
      }
    }
  }
  return undefined;
}

/** The first cycle found in the subgraphs of these node sets, smallest first, told in the whole graph's numbers. */
function firstOf(
  part: Part,
  tangles: readonly Int32Array[],
  find: (graph: Graph) => readonly CycleEdge[] | undefined | 'undecided',
): readonly CycleEdge[] | undefined | 'undecided' {
  let outcome: undefined | 'undecided';
  for (const nodes of [...tangles].sort((a, b) => a.length - b.length)) {
    const sub = nodes.length === part.nodes.length ? undefined : induced(part.graph, nodes);
    const found = find(sub?.graph ?? part.graph);
    if (found === 'undecided') outcome = found;
    else if (found !== undefined) {
      const whole = (v: number) => part.nodes[sub === undefined ? v : sub.nodes[v]!]!;
      return found.map((edge) => ({ ...edge, from: whole(edge.from), to: whole(edge.to) }));
    }
  }
  return outcome;
}

/** A shortest cycle in a strongly connected graph of two or more nodes. */
export function anyCycle(graph: Graph, walk: Walk, steps: Steps): readonly CycleEdge[] | undefined {
  const paths = new PathSearch(graph);
  const effort = new Steps(Math.min(STEPS_FOR_SHORTER, steps.remaining));
  let best: readonly CycleEdge[] | undefined;
  for (let v = 0; v < graph.txnCount && best?.length !== 2; v++) {
    // There surely is a first one, so it isn't given up, whatever it costs.
    const spending = best === undefined ? new Steps(Number.POSITIVE_INFINITY) : effort;
    best = paths.shortest(v, v, walk, best === undefined ? graph.size : best.length - 1, 0, spending) ?? best;
    if (effort.exhausted) break;
  }
  return best;
}

/** A shortest cycle through some anti-dependency, from whose end `back` leads to its beginning. */
function cycleWithRw(
  { txnCount, size, first, to, kind, witness }: Graph,
  paths: PathSearch,
  back: Walk,
  steps: Steps,
): readonly CycleEdge[] | undefined | 'undecided' {
  const effort = new Steps(STEPS_FOR_SHORTER);
  let best: readonly CycleEdge[] | undefined;
  for (let v = 0; v < txnCount; v++) {
    for (let e = first[v]!; e < first[v + 1]!; e++) {
      if (kind[e] !== RW) continue;
      if (steps.exhausted || effort.exhausted) return best ?? 'undecided';
      const limit = best === undefined ? size : best.length - 2;
      const rest = paths.shortest(to[e]!, v, back, limit, RW, best === undefined ? steps : effort);
      if (rest === undefined) continue;
      best = [{ from: v, to: rest[0]!.from, kind: RW, witness: witness[e]! }, ...rest];
      if (best.length === 2) return best;
    }
  }
  return best;
}
