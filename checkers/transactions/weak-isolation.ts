import { type AnomalyKind, refutedBy } from './anomalies.ts';
import { causalCommits } from './causal-commits.ts';
import { type Chains, sessionChains } from './chains.ts';
import { components } from './components.ts';
import { anyCycle } from './cycles.ts';
import { COMMIT, extendedWith, FOLLOWS, type Graph, induced, type Part, SESSION, WR, WW } from './graph.ts';
import { READ, type Transactions } from './micro-operations.ts';
import type { ConsistencyModel } from './models.ts';
import { observedParts } from './observed-parts.ts';
import type { CycleEdge } from './path-search.ts';
import { INITIAL, NONE, type ReadsFrom, sourceTxn } from './reads-from.ts';
import type { Steps } from './steps.ts';
import { topologicalOrder } from './topological-order.ts';
import { Views, WEAK_MODELS, type WeakModel } from './visibility.ts';
import { WrittenKeys } from './written-keys.ts';

/** A proof that a weak model does not hold. */
export type WeakViolation =
  /** The transaction of `read` had seen `visible`, which wrote the key, and yet read the initial version. */
  | { readonly model: WeakModel; readonly visible: number; readonly read: number }
  /** Commits that must each precede the next, in a circle. */
  | { readonly model: WeakModel; readonly cycle: readonly CycleEdge[] };

export interface WeakSearch {
  readonly violations: readonly WeakViolation[];
  readonly undecided: ReadonlySet<AnomalyKind>;
}

export interface WeakInput {
  readonly txns: Transactions;
  readonly readsFrom: ReadsFrom;
  /** With the edges `WR`, and `WW` as far as version orders are known. */
  readonly graph: Graph;
  readonly model: ConsistencyModel;
  readonly steps: Steps;
  /** Memory for clocks. */
  readonly bytes: number;
}

/** Kinds for which a transaction has only seen what it read from itself, or what its session did. */
const NEAR: ReadonlySet<AnomalyKind> = new Set([
  'observed-transaction-vanishes',
  'fractured-read',
  'observed-transaction-vanishes-process',
  'fractured-read-process',
]);

/** Violations of each kind that are told. */
const TOLD = 10;

/**
 * Which weak models that `model` implies the history violates. First, in near linear time, the strongest of them: where
 * it holds, all hold. Where it doesn't, every violation of a weaker one runs among the transactions that its own
 * violations tangle up, and those alone are then checked by the plain definitions.
 */
export function weakIsolation(input: WeakInput): WeakSearch {
  const { txns, readsFrom, model } = input;
  const relevant = WEAK_MODELS.filter(({ kind }) => refutedBy(kind).has(model));
  const near = relevant.filter(({ kind }) => NEAR.has(kind));
  const far = relevant.filter(({ kind }) => !NEAR.has(kind));
  const sessions = sessionChains(txns, readsFrom.committed);
  const written = new WrittenKeys(txns);
  const checked = new Checked();
  if (far.length > 0) {
    const suspects = causalSuspects(input, sessions);
    if (isEmpty(suspects)) return checked.outcome();
    check(input, far, sessions, written, suspects, checked);
  }
  if (near.length > 0) {
    const suspects = nearSuspects(input, near, sessions, written);
    if (!isEmpty(suspects)) check(input, near, sessions, written, suspects, checked);
  }
  return checked.outcome();
}

class Checked {
  private readonly violations: WeakViolation[] = [];
  private readonly undecided = new Set<AnomalyKind>();

  add(found: readonly WeakViolation[]): void {
    this.violations.push(...found);
  }

  giveUp(kind: AnomalyKind): void {
    this.undecided.add(kind);
  }

  /** Without the violations of models that fall anyway with a weaker one that is violated too. */
  outcome(): WeakSearch {
    const kinds = [...new Set(this.violations.map(({ model }) => model.kind))];
    const told = kinds.filter((kind) => !kinds.some((other) => other !== kind && impliesFall(other, kind)));
    return {
      violations: this.violations.filter(({ model }) => told.includes(model.kind)),
      undecided: this.undecided,
    };
  }
}

/** Whether all that `stronger` refutes falls with `weaker` anyway. */
function impliesFall(weaker: AnomalyKind, stronger: AnomalyKind): boolean {
  const fallen = refutedBy(weaker);
  return [...refutedBy(stronger)].every((model) => fallen.has(model));
}

/** Checks models by their definitions among the suspects. */
function check(
  input: WeakInput,
  models: readonly WeakModel[],
  sessions: Chains,
  written: WrittenKeys,
  suspects: Suspects,
  checked: Checked,
): void {
  const part = induced(input.graph, suspects.nodes);
  const reads = readsFromAny(input.txns, input.readsFrom, suspects.nodes);
  const views = new Views(input.txns, input.readsFrom, sessions, input.steps);
  for (const weak of models) {
    const found = violationsOf(weak, input, views, sessions, written, part, reads, suspects.stale);
    checked.add(found);
    if (found.length === 0 && input.steps.exhausted) checked.giveUp(weak.kind);
  }
}

interface Suspects {
  /** Transactions and junctions between which commits form cycles; sorted. */
  readonly nodes: Int32Array;
  /** Reads of initial versions that may be too old. */
  readonly stale: readonly number[];
}

function isEmpty({ nodes, stale }: Suspects): boolean {
  return nodes.length === 0 && stale.length === 0;
}

/** What violates causal consistency, the strongest of these models. */
function causalSuspects(input: WeakInput, sessions: Chains): Suspects {
  const { txns, readsFrom, graph } = input;
  const order = topologicalOrder(graph, { kinds: WR, session: true });
  // Where happened-before is cyclic there are no clocks: everything is suspect.
  if (order === undefined) return everything(input);
  const commits = causalCommits(txns, readsFrom, sessions, order, input.bytes);
  const whole = extendedWith(graph, WW | WR, (edge) => {
    for (let i = 0; i < commits.length; i++) edge(commits.from[i]!, commits.to[i]!, COMMIT, -1);
  });
  return { nodes: tangled(whole, true), stale: commits.stale };
}

function everything({ txns, readsFrom, graph }: WeakInput): Suspects {
  const stale = [];
  for (let o = 0; o < txns.opKind.length; o++) if (readsFrom.source[o] === INITIAL) stale.push(o);
  return { nodes: Int32Array.from({ length: graph.size }, (_, v) => v), stale };
}

/** What violates the strongest of the models in which transactions see no further than to what they read from. */
function nearSuspects(
  { txns, readsFrom, graph }: WeakInput,
  models: readonly WeakModel[],
  sessions: Chains,
  written: WrittenKeys,
): Suspects {
  const kinds = models.map(({ kind }) => kind);
  const ordered = !kinds.some((kind) => kind.startsWith('fractured-read'));
  const stale: number[] = [];
  const whole = extendedWith(graph, WW | WR, (edge) => {
    const emit = (visible: number, read: number) => {
      const source = sourceTxn(txns, readsFrom, read);
      if (source === INITIAL) stale.push(read);
      else edge(visible, source, COMMIT, read);
    };
    observedParts(txns, readsFrom, written, ordered, emit);
    if (kinds.includes('fractured-read-process')) ownSession(txns, readsFrom, sessions, emit);
  });
  const session = models.some((model) => model.session === 'all');
  return { nodes: tangled(whole, session), stale };
}

/** The nodes that are in any cycle; sorted. */
function tangled(graph: Graph, session: boolean): Int32Array {
  const tangles = components(graph, { kinds: WW | WR | COMMIT, session, realtime: false });
  return Int32Array.from(tangles.flatMap((nodes) => [...nodes])).sort();
}

/** What each session's own writes demand of its later reads: only the last write of a key says anything new. */
function ownSession(
  { opKind, opKey, firstOp, keyNames, ...txns }: Transactions,
  readsFrom: ReadsFrom,
  { count, first, members }: Chains,
  emit: (visible: number, read: number) => void,
): void {
  const writer = new Int32Array(keyNames.length);
  const writerIn = new Int32Array(keyNames.length).fill(-1);
  for (let s = 0; s < count; s++) {
    for (let i = first[s]!; i < first[s + 1]!; i++) {
      const t = members[i]!;
      for (let o = firstOp[t]!; o < firstOp[t + 1]!; o++) {
        const key = opKey[o]!;
        if (opKind[o] !== READ || readsFrom.source[o] === NONE || writerIn[key] !== s) continue;
        const source = readsFrom.source[o]!;
        if (source === INITIAL || txns.opTxn[source] !== writer[key]) emit(writer[key]!, o);
      }
      for (let o = firstOp[t]!; o < firstOp[t + 1]!; o++) {
        if (opKind[o] === READ) continue;
        writer[opKey[o]!] = t;
        writerIn[opKey[o]!] = s;
      }
    }
  }
}

/** Reads whose source is one of these sorted transactions. */
function readsFromAny(txns: Transactions, readsFrom: ReadsFrom, nodes: Int32Array): number[] {
  const among = new Uint8Array(txns.size);
  for (const v of nodes) if (v < txns.size) among[v] = 1;
  const reads = [];
  for (let o = 0; o < txns.opKind.length; o++) {
    if (readsFrom.source[o]! >= 0 && among[sourceTxn(txns, readsFrom, o)] === 1) reads.push(o);
  }
  return reads;
}

/** The violations of one model among the suspects, by its definition. */
function violationsOf(
  weak: WeakModel,
  { txns, readsFrom, steps }: WeakInput,
  views: Views,
  chains: Chains,
  written: WrittenKeys,
  part: Part,
  reads: readonly number[],
  stale: readonly number[],
): WeakViolation[] {
  const violations: WeakViolation[] = [];
  for (const read of stale) {
    if (violations.length >= TOLD || steps.exhausted) break;
    let missed = -1;
    weak.seen(views, read, (t) => {
      if (missed < 0 && isOther(t, read)) missed = t;
    });
    if (missed >= 0) violations.push({ model: weak, visible: missed, read });
  }
  const local = new Map<number, number>();
  part.nodes.forEach((v, i) => {
    local.set(v, i);
  });
  const graph = extendedWith(part.graph, WW | WR, (edge) => {
    sessionEdges(weak, txns, readsFrom, views, chains, part, local, edge);
    for (const read of reads) {
      if (steps.exhausted) break;
      const source = sourceTxn(txns, readsFrom, read);
      weak.seen(views, read, (t) => {
        if (t !== source && local.has(t) && isOther(t, read))
          edge(local.get(t)!, local.get(source)!, COMMIT, read);
      });
    }
  });
  const orders = {
    kinds: WW | WR | COMMIT | SESSION | FOLLOWS,
    session: weak.session === 'all',
    realtime: false,
  };
  const tangles = components(graph, orders).sort((a, b) => a.length - b.length);
  for (const nodes of tangles.slice(0, TOLD - violations.length)) {
    const sub = induced(graph, nodes);
    const cycle = anyCycle(sub.graph, { ...orders, blocks: 0 }, steps);
    const whole = (v: number) => part.nodes[sub.nodes[v]!]!;
    if (cycle !== undefined) {
      violations.push({
        model: weak,
        cycle: cycle.map((edge) => ({ ...edge, from: whole(edge.from), to: whole(edge.to) })),
      });
    }
  }
  return violations;

  /** Whether `t` is another committed transaction that wrote the key of a read. */
  function isOther(t: number, read: number): boolean {
    return t !== txns.opTxn[read] && readsFrom.committed[t] === 1 && written.find(t, txns.opKey[read]!) >= 0;
  }
}

/** The session order that commits must respect, where that is not all of it. */
function sessionEdges(
  { session }: WeakModel,
  txns: Transactions,
  readsFrom: ReadsFrom,
  views: Views,
  { chain, first, place, members }: Chains,
  { nodes }: Part,
  local: ReadonlyMap<number, number>,
  edge: (from: number, to: number, kind: number, witness: number) => void,
): void {
  if (session === 'all' || session === 'none') return;
  for (let i = 0; i < nodes.length; i++) {
    const t = nodes[i]!;
    if (t >= txns.size || readsFrom.committed[t] === 0 || !writesAny(txns, t)) continue;
    if (session === 'reads-then-writes') {
      views.earlier(t, (u) =>
        views.sources(u, (source) => {
          if (local.has(source)) edge(local.get(source)!, i, FOLLOWS, -1);
        }),
      );
      continue;
    }
    for (let p = place[t]! - 2; p >= 0; p--) {
      const u = members[first[chain[t]!]! + p]!;
      if (!writesAny(txns, u)) continue;
      if (local.has(u)) edge(local.get(u)!, i, SESSION, -1);
      break;
    }
  }
}

function writesAny({ firstOp, opKind }: Transactions, t: number): boolean {
  for (let o = firstOp[t]!; o < firstOp[t + 1]!; o++) if (opKind[o] !== READ) return true;
  return false;
}
