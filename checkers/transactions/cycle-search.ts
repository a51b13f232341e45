import { type AnomalyKind, refutedBy } from './anomalies.ts';
import { components } from './components.ts';
import { CLASSES, type Cycle, type CycleClass, cycleOf, kindOf, type Level } from './cycles.ts';
import { type Graph, GUESSED, induced, type Part, RW, WR, WW } from './graph.ts';
import { type ConsistencyModel, impliedBy, strongest } from './models.ts';
import type { Steps } from './steps.ts';
import { cycleOfUpdates } from './update-cycles.ts';

export interface CycleSearch {
  readonly cycles: readonly Cycle[];
  /** Kinds of which the search cannot say whether there are any, because it ran out of steps. */
  readonly undecided: ReadonlySet<AnomalyKind>;
  /** What holds without any doubt but that about version orders that are missing in the graph. */
  readonly proves: ReadonlySet<ConsistencyModel>;
}

/** Orders that count, with what holds where there is no cycle of any kind. */
interface NamedLevel extends Level {
  readonly suffix: string;
  readonly proves: ConsistencyModel;
}

const LEVELS: readonly NamedLevel[] = [
  { suffix: '', session: false, realtime: false, proves: 'serializable' },
  { suffix: '-process', session: true, realtime: false, proves: 'strong-session-serializable' },
  { suffix: '-realtime', session: true, realtime: true, proves: 'strict-serializable' },
];

/**
 * Models that hold exactly when no cycle refutes them, given the order of all versions: Adya 1999, sections 3 and 4; Cerone
 * and Gotsman 2018, "Analysing snapshot isolation", theorem 10, for those without adjacent anti-dependencies.
 */
const DECIDED_BY_CYCLES: readonly ConsistencyModel[] = [
  'strict-serializable',
  'strong-session-serializable',
  'serializable',
  'strong-snapshot-isolation',
  'strong-session-snapshot-isolation',
  'snapshot-isolation',
  'update-serializable',
  'repeatable-read',
];

/**
 * Cycles that refute `model`: in each strongly connected component the worst kinds first, skipping whatever a kind
 * already found implies; of each kind the shortest cycle that the steps allow.
 */
export function findCycles(
  graph: Graph,
  updates: (t: number) => boolean,
  model: ConsistencyModel,
  steps: Steps,
): CycleSearch {
  const known = searchAll(graph, updates, model, 0, steps);
  if (known.acyclic !== undefined) return { ...known, proves: impliedBy(known.acyclic) };
  const open = new Set(DECIDED_BY_CYCLES.filter((each) => impliedBy(model).has(each)));
  for (const kind of [...known.cycles.map((cycle) => cycle.kind), ...known.undecided]) {
    for (const each of refutedBy(kind)) open.delete(each);
  }
  const proven = strongest(open).filter((each) => {
    const { cycles, undecided } = searchAll(graph, updates, each, GUESSED, steps);
    return cycles.length === 0 && undecided.size === 0;
  });
  return { ...known, proves: new Set(proven.flatMap((each) => [...impliedBy(each)])) };
}

/** Looks for every kind of cycle that refutes `model`, over the dependencies and the edges of kind `also`. */
function searchAll(
  graph: Graph,
  updates: (t: number) => boolean,
  model: ConsistencyModel,
  also: number,
  steps: Steps,
): Omit<CycleSearch, 'proves'> & { readonly acyclic?: ConsistencyModel } {
  const levels = LEVELS.filter(({ suffix }) => CLASSES.some(({ kind }) => refutes(kind + suffix, model)));
  const widest = levels.at(-1) ?? LEVELS[1]!;
  const everything = { ...widest, kinds: WW | WR | RW | also };
  const tangles = components(graph, everything).sort((a, b) => a.length - b.length || a[0]! - b[0]!);
  const cycles: Cycle[] = [];
  const undecided = new Set<AnomalyKind>();
  if (tangles.length === 0) return { cycles, undecided, acyclic: widest.proves };
  for (const nodes of tangles) {
    for (const cycle of search(induced(graph, nodes), levels, model, also, steps, undecided))
      cycles.push(cycle);
  }
  if (refutes('G-update', model)) {
    const found = updateCycle(graph, tangles, cycles, updates, also, steps);
    if (found === 'undecided') undecided.add('G-update');
    else if (found !== undefined) cycles.push(found);
  }
  return { cycles, undecided };
}

function refutes(kind: string, model: ConsistencyModel): kind is AnomalyKind {
  return refutedBy(kind as AnomalyKind)?.has(model) ?? false;
}

function search(
  part: Part,
  levels: readonly NamedLevel[],
  model: ConsistencyModel,
  also: number,
  steps: Steps,
  undecided: Set<AnomalyKind>,
): Cycle[] {
  const cycles: Cycle[] = [];
  const refuted = new Set<ConsistencyModel>();
  for (const level of levels) {
    for (const each of CLASSES) {
      const kind = each.kind + level.suffix;
      if (!refutes(kind, model) || isSubset(refutedBy(kind), refuted)) continue;
      const edges = cycleOf(part, withKinds(each, also), level, steps);
      if (edges === 'undecided') undecided.add(kind);
      else if (edges !== undefined) {
        const cycle = { kind: kindOf(each, edges), edges };
        cycles.push(cycle);
        for (const broken of refutedBy(cycle.kind)) refuted.add(broken);
      }
    }
  }
  return cycles;
}

/** The class with more edges that count as the order of versions does. */
function withKinds(each: CycleClass, also: number): CycleClass {
  const blocks = (each.blocks & WW) === 0 ? each.blocks : each.blocks | also;
  return { ...each, kinds: each.kinds | also, blocks };
}

function isSubset<T>(small: ReadonlySet<T>, large: ReadonlySet<T>): boolean {
  for (const each of small) if (!large.has(each)) return false;
  return true;
}

/** Most often one of the cycles found already has at most one transaction that only reads. */
function updateCycle(
  graph: Graph,
  tangles: readonly Int32Array[],
  cycles: readonly Cycle[],
  updates: (t: number) => boolean,
  also: number,
  steps: Steps,
): Cycle | 'undecided' | undefined {
  const kind = 'G-update';
  const refuted = cycles.some((cycle) => isSubset(refutedBy(kind), refutedBy(cycle.kind)));
  if (refuted) return undefined;
  const found = cycles.find(
    (cycle) =>
      refutes(cycle.kind, 'serializable') && cycle.edges.filter(({ from }) => !updates(from)).length <= 1,
  );
  if (found !== undefined) return { kind, edges: found.edges };
  let outcome: undefined | 'undecided';
  for (const nodes of tangles) {
    const edges = cycleOfUpdates(induced(graph, nodes).graph, (v) => updates(nodes[v]!), also, steps);
    if (edges === 'undecided') outcome = edges;
    else if (edges !== undefined) {
      return {
        kind,
        edges: edges.map((edge) => ({ ...edge, from: nodes[edge.from]!, to: nodes[edge.to]! })),
      };
    }
  }
  return outcome;
}
