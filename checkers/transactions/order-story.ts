import type { Reasons, Story } from './cycle-story.ts';
import { leadOf, reasonOf, staleRead, storyOf } from './cycle-story.ts';
import { cycleAmong } from './cycles.ts';
import { type Graph, GraphBuilder, RW, WR, WW } from './graph.ts';
import { firstWrite } from './micro-operations.ts';
import type { OrderClass } from './order-classes.ts';
import type { OrderProblem } from './order-problem.ts';
import type { Refutation } from './order-search.ts';
import type { Decision, OrderState } from './order-state.ts';
import type { CycleEdge } from './path-search.ts';
import { txnName } from './wording.ts';

/** A piece of a proof in words. */
interface Told {
  readonly sentences: readonly string[];
  /** Transactions by their number in the problem. */
  readonly members: readonly number[];
  /** The choices that it rests on. */
  readonly assumes: ReadonlySet<string>;
}

/** Tells why no order of the versions works: by cases where it must. */
export function tellRefutation(
  problem: OrderProblem,
  kind: OrderClass,
  refutation: Refutation,
  reasons: Reasons,
): Story {
  const told = tellCases(problem, kind, refutation, reasons);
  const members = told.members.map((i) => problem.nodes[i]!);
  return storyOf(problem.txns, `${leadOf(kind.kind)}. ${told.sentences.join(' ')}`, members);
}

function tellCases(problem: OrderProblem, kind: OrderClass, refutation: Refutation, reasons: Reasons): Told {
  if ('state' in refutation) return tellCycle(refutation.state, kind, reasons);
  const { choice } = refutation;
  const ifSo = tellCases(problem, kind, refutation.ifSo, reasons);
  if (!ifSo.assumes.has(nameOf(choice))) return ifSo;
  const reversed = { ...choice, before: choice.after, after: choice.before };
  const ifNot = tellCases(problem, kind, refutation.ifNot, reasons);
  if (!ifNot.assumes.has(nameOf(reversed))) return ifNot;
  const assumes = new Set([...ifSo.assumes, ...ifNot.assumes]);
  assumes.delete(nameOf(choice));
  assumes.delete(nameOf(reversed));
  return {
    sentences: [
      `Suppose that ${olderText(problem, choice, reasons)}.`,
      ...ifSo.sentences,
      `Suppose then that ${olderText(problem, reversed, reasons)}.`,
      ...ifNot.sentences,
    ],
    members: [...ifSo.members, ...ifNot.members],
    assumes,
  };
}

function nameOf({ key, before, after }: Decision): string {
  return `${key}:${before}:${after}`;
}

/** A cycle within what was decided, after what shows each of the version orders that it uses. */
function tellCycle(state: OrderState, kind: OrderClass, reasons: Reasons): Told {
  const { problem } = state;
  const dependencies = new Dependencies(state, state.trail.length);
  const cycle = dependencies.cycle(kind);
  const lemmas = new Map<number, Told>();
  lemmasOf(state, kind, dependencies.decisionsOf(cycle), reasons, lemmas);
  const edges = cycle.map((edge) => ({
    ...edge,
    from: problem.nodes[edge.from]!,
    to: problem.nodes[edge.to]!,
  }));
  const stale = staleRead(problem.txns, edges, reasons);
  const steps = edges.map((edge) => reasonOf(problem.txns, edge, reasons));
  const first = txnName(problem.txns, edges[0]!.from);
  const local = new Map(Array.from(problem.nodes, (t, i) => [t, i]));
  const close = `So ${first} must come before itself.`;
  return {
    sentences: [
      ...[...lemmas.values()].flatMap(({ sentences }) => sentences),
      ...(stale === undefined ? [...steps.map(({ text }) => text), close] : [stale]),
    ],
    members: [
      ...[...lemmas.values()].flatMap(({ members }) => members),
      ...cycle.map((edge) => edge.from),
      ...steps.flatMap(({ shownBy }) => shownBy.flatMap((t) => local.get(t) ?? [])),
    ],
    assumes: new Set([...lemmas.values()].flatMap(({ assumes }) => [...assumes])),
  };
}

/** Adds to `lemmas` why each of these decisions had to be taken, what it rests on first. */
function lemmasOf(
  state: OrderState,
  kind: OrderClass,
  decisions: ReadonlySet<number>,
  reasons: Reasons,
  lemmas: Map<number, Told>,
): void {
  for (const index of decisions) {
    if (lemmas.has(index)) continue;
    const decision = state.trail[index]!;
    if (decision.ground === 'known') continue;
    if (decision.ground === 'transitive') {
      lemmasOf(state, kind, chainOf(state, index), reasons, lemmas);
      continue;
    }
    if (decision.ground === 'assumed') {
      lemmas.set(index, { sentences: [], members: [], assumes: new Set([nameOf(decision)]) });
      continue;
    }
    const reversed: Decision = { ...decision, before: decision.after, after: decision.before };
    const dependencies = new Dependencies(state, index, reversed);
    const cycle = dependencies.cycle(kind);
    lemmasOf(state, kind, dependencies.decisionsOf(cycle), reasons, lemmas);
    lemmas.set(
      index,
      tellLemma(
        state.problem,
        decision,
        cycle.filter((edge) => !dependencies.isExtra(edge)),
        cycle,
        reasons,
      ),
    );
  }
}

/** The decisions from which one that follows by transitivity follows. */
function chainOf({ trail }: OrderState, index: number): Set<number> {
  const { key, before, after } = trail[index]!;
  const cameBy = new Map<number, number>();
  const open = [before];
  for (let at = open.pop(); at !== undefined && !cameBy.has(after); at = open.pop()) {
    for (let i = 0; i < trail.length; i++) {
      const step = trail[i]!;
      const leads = step.key === key && step.before === at && step.ground !== 'transitive';
      if (!leads || cameBy.has(step.after)) continue;
      cameBy.set(step.after, i);
      open.push(step.after);
    }
  }
  const chain = new Set<number>();
  for (let at = after; at !== before; at = trail[cameBy.get(at)!]!.before) chain.add(cameBy.get(at)!);
  return chain;
}

function tellLemma(
  problem: OrderProblem,
  decision: Decision,
  way: readonly CycleEdge[],
  cycle: readonly CycleEdge[],
  reasons: Reasons,
): Told {
  const whole = (edge: CycleEdge) => ({
    ...edge,
    from: problem.nodes[edge.from]!,
    to: problem.nodes[edge.to]!,
  });
  const read = problem.readsFrom.find(
    ({ to, from }) =>
      from === problem.keys[decision.key]!.writers[decision.after] &&
      cycle.some((edge) => edge.kind === RW && edge.from === to),
  );
  const sentences = way.map((edge) => reasonOf(problem.txns, whole(edge), reasons).text);
  if (read !== undefined && !way.includes(read))
    sentences.push(reasonOf(problem.txns, whole(read), reasons).text);
  sentences.push(`So ${olderText(problem, decision, reasons)}.`);
  return {
    sentences,
    members: [...cycle.map(({ from }) => from), ...(read === undefined ? [] : [read.from])],
    assumes: new Set(),
  };
}

/** `T3, which wrote 1 to x, came before T5, which wrote 2 to x`. */
function olderText(
  { txns, nodes, keys }: OrderProblem,
  { key, before, after }: Decision,
  reasons: Reasons,
): string {
  const { writers, key: name } = keys[key]!;
  const [a, b] = [nodes[writers[before]!]!, nodes[writers[after]!]!];
  const did = (t: number) => reasons.wrote(t, firstWrite(txns, t, name));
  return `${txnName(txns, a)}, which ${did(a)}, came before ${txnName(txns, b)}, which ${did(b)}`;
}

/** The dependencies that the first decisions of a trail, and perhaps one more, make. */
class Dependencies {
  private readonly state: OrderState;
  private readonly graph: Graph;
  /** The decision behind an edge; -1 is the extra one. */
  private readonly behind = new Map<string, number>();

  constructor(state: OrderState, length: number, extra?: Decision) {
    this.state = state;
    const { problem } = state;
    const builder = new GraphBuilder(problem.nodes.length);
    for (const { from, to, witness } of problem.readsFrom) builder.edge(from, to, WR, witness);
    for (const { writers, initialReaders } of problem.keys) {
      for (const { txn, op } of initialReaders) for (const w of writers) builder.edge(txn, w, RW, op);
    }
    for (let i = 0; i < length; i++) this.addDecision(builder, state.trail[i]!, i);
    if (extra !== undefined) this.addDecision(builder, extra, -1);
    this.graph = builder.build(...orders(problem));
  }

  cycle(kind: OrderClass): readonly CycleEdge[] {
    return cycleAmong(this.graph, kind.kind, kind.level, this.state.problem.updates);
  }

  isExtra(edge: CycleEdge): boolean {
    return this.behind.get(edgeName(edge)) === -1;
  }

  decisionsOf(cycle: readonly CycleEdge[]): Set<number> {
    const found = new Set<number>();
    for (const edge of cycle) {
      const index = this.behind.get(edgeName(edge));
      if (index !== undefined && index >= 0) found.add(index);
    }
    return found;
  }

  private addDecision(builder: GraphBuilder, { key, before, after }: Decision, index: number): void {
    const { txns, nodes, keys } = this.state.problem;
    const { writers, readers, key: name } = keys[key]!;
    const [a, b] = [writers[before]!, writers[after]!];
    const add = (from: number, kind: number, witness: number) => {
      builder.edge(from, b, kind, witness);
      const edge = edgeName({ from, to: b, kind, witness });
      if (!this.behind.has(edge)) this.behind.set(edge, index);
    };
    add(a, WW, firstWrite(txns, nodes[b]!, name));
    for (const { txn, op } of readers[before]!) add(txn, RW, op);
  }
}

function edgeName({ from, to, kind, witness }: CycleEdge): string {
  return `${from}:${to}:${kind}:${witness}`;
}

/** Session order and real time among the transactions of a problem, as graphs have them. */
function orders({ nodes, inSession, inRealTime }: OrderProblem): [next: Int32Array, after: Int32Array] {
  const next = new Int32Array(nodes.length).fill(-1);
  const after = new Int32Array(nodes.length).fill(nodes.length);
  for (let a = 0; a < nodes.length; a++) {
    for (let b = nodes.length - 1; b > a; b--) {
      if (inSession(a, b)) next[a] = b;
      if (inRealTime(a, b)) after[a] = b;
    }
  }
  return [next, after];
}
