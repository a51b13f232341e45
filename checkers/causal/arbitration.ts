import { cyclicComponents, type Digraph, Edges, shortCycle } from '../digraph.ts';
import { INITIAL, type Sessions } from './sessions.ts';
import type { Conflicts } from './stale-reads.ts';

/** One step of a cycle: `from` comes before `to`. */
export interface OrderStep {
  readonly from: number;
  readonly to: number;
  /** `session`: in one session; `read`: `to` read the value of `from`; `conflict`: because of what `witness` returned. */
  readonly why: 'session' | 'read' | 'conflict';
  /** Of a conflict: the read that knew of `from` and yet returned the value of `to`. */
  readonly witness: number;
}

/** The most cycles that are looked for: one for each independent knot. */
const MAX_CYCLES = 16;

/**
 * Whether all sessions can agree on one order of all writes: causality with the conflicts must have no cycle (bad pattern
 * CyclicCF of Bouajjani et al. 2017). Returns a short cycle for each knot, none if there is such an order.
 */
export function arbitrationCycles(sessions: Sessions, conflicts: Conflicts): OrderStep[][] {
  const { size, session, writer } = sessions;
  if (conflicts.edges.count === 0) return [];
  const edges = new Edges();
  for (let e = 0; e < conflicts.edges.count; e++) edges.add(conflicts.edges.from[e]!, conflicts.edges.to[e]!);
  for (let op = 0; op < size; op++) {
    if (op + 1 < size && session[op] === session[op + 1]) edges.add(op, op + 1);
    const from = writer[op]!;
    if (from !== INITIAL && from !== op) edges.add(from, op);
  }
  const graph = edges.graph(size);
  return cyclicComponents(graph)
    .slice(0, MAX_CYCLES)
    .map((component) => cycleIn(graph, component, sessions, edges, conflicts));
}

function cycleIn(
  graph: Digraph,
  component: readonly number[],
  { session }: Sessions,
  edges: Edges,
  conflicts: Conflicts,
): OrderStep[] {
  const isConflict = (label: number): boolean => label < conflicts.edges.count;
  const isSession = (label: number): boolean =>
    !isConflict(label) && session[edges.from[label]!] === session[edges.to[label]!];
  const steps: OrderStep[] = [];
  for (const e of shortCycle(graph, component, (edge) => isSession(graph.label[edge]!))) {
    const label = graph.label[e]!;
    const from = edges.from[label]!;
    const to = edges.to[label]!;
    const before = steps[steps.length - 1];
    if (!isSession(label)) {
      const why = isConflict(label) ? 'conflict' : 'read';
      steps.push({ from, to, why, witness: conflicts.read[label] ?? -1 });
    } else if (before?.why === 'session') {
      steps[steps.length - 1] = { ...before, to };
    } else {
      steps.push({ from, to, why: 'session', witness: -1 });
    }
  }
  return joinedAround(steps);
}

/** Makes one step of the session steps at the seam of a cycle. */
function joinedAround(steps: OrderStep[]): OrderStep[] {
  const first = steps[0];
  const last = steps[steps.length - 1];
  if (first?.why !== 'session' || last?.why !== 'session' || steps.length < 2) return steps;
  return [{ ...first, from: last.from }, ...steps.slice(1, -1)];
}
