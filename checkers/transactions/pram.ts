import type { Chains } from './chains.ts';
import { components } from './components.ts';
import { anyCycle } from './cycles.ts';
import { COMMIT, eachNewer, type Graph, GraphBuilder, induced, RW, SESSION, WR, WW } from './graph.ts';
import type { Transactions } from './micro-operations.ts';
import type { CycleEdge } from './path-search.ts';
import { INITIAL, NONE, type ReadsFrom, sourceTxn } from './reads-from.ts';
import { Relation } from './relation.ts';
import type { Steps } from './steps.ts';
import type { WrittenKeys } from './written-keys.ts';

/** A session for which no order of all transactions explains what it read. */
export interface PramViolation {
  readonly session: number;
  /** `COMMIT`: before the reader of the witness, so before what that read; `RW`: after what the witness read, so after it. */
  readonly cycle: readonly CycleEdge[];
}

/**
 * PRAM (Lipton and Sandberg 1988): for each session there is an order of all transactions that respects every session's
 * order and in which this session's reads return what was written last. Where values are unique, closing the order under
 * what the reads demand decides it (Wei et al. 2016). `undecided` when the steps run out.
 */
export function pramViolations(
  txns: Transactions,
  readsFrom: ReadsFrom,
  sessions: Chains,
  written: WrittenKeys,
  known: Graph,
  nodes: Int32Array,
  steps: Steps,
): readonly PramViolation[] | 'undecided' {
  const local = new Map<number, number>();
  nodes.forEach((t, i) => {
    local.set(t, i);
  });
  const common = commonOrder(nodes, local, sessions, known);
  const violations: PramViolation[] = [];
  for (let session = 0; session < sessions.count; session++) {
    const own = sessions.members.subarray(sessions.first[session]!, sessions.first[session + 1]!);
    const view = new View(txns, readsFrom, written, nodes, local, common);
    for (const t of own) view.addReader(t);
    if (!view.close(steps)) return 'undecided';
    const cycle = view.cycle(steps);
    if (cycle !== undefined) violations.push({ session, cycle });
  }
  return violations;
}

/** Session order, and the order of versions as far as it is known, as edges. */
function commonOrder(
  nodes: Int32Array,
  local: ReadonlyMap<number, number>,
  { chain, place }: Chains,
  known: Graph,
): readonly CycleEdge[] {
  const edges: CycleEdge[] = [];
  const last = new Map<number, number>();
  nodes.forEach((t, i) => {
    if (place[t]! === 0) return;
    const before = last.get(chain[t]!);
    if (before !== undefined) edges.push({ from: before, to: i, kind: SESSION, witness: -1 });
    last.set(chain[t]!, i);
    eachNewer(known, t, (newer, witness) => {
      const to = local.get(newer);
      if (to !== undefined) edges.push({ from: i, to, kind: WW, witness });
    });
  });
  return edges;
}

/** The order of all transactions as one session must have seen them. */
class View {
  private readonly txns: Transactions;
  private readonly readsFrom: ReadsFrom;
  private readonly written: WrittenKeys;
  private readonly nodes: Int32Array;
  private readonly local: ReadonlyMap<number, number>;
  private readonly edges: CycleEdge[];
  private readonly before: Relation;
  private readonly reads: number[] = [];

  constructor(
    txns: Transactions,
    readsFrom: ReadsFrom,
    written: WrittenKeys,
    nodes: Int32Array,
    local: ReadonlyMap<number, number>,
    common: readonly CycleEdge[],
  ) {
    this.txns = txns;
    this.readsFrom = readsFrom;
    this.written = written;
    this.nodes = nodes;
    this.local = local;
    this.edges = [...common];
    this.before = new Relation(nodes.length);
    for (const { from, to } of common) this.before.add(from, to);
    this.before.close();
  }

  addReader(t: number): void {
    const { txns, readsFrom } = this;
    for (let o = txns.firstOp[t]!; o < txns.firstOp[t + 1]!; o++) {
      if (readsFrom.source[o] === NONE) continue;
      this.reads.push(o);
      const source = sourceTxn(txns, readsFrom, o);
      if (source !== INITIAL) this.add(this.local.get(source)!, this.local.get(t)!, WR, o);
    }
  }

  /** Adds what follows from the reads until nothing new does. False when the steps ran out. */
  close(steps: Steps): boolean {
    for (let changed = true; changed; ) {
      changed = false;
      for (const o of this.reads) {
        if (steps.exhausted) return false;
        changed = this.demand(o, steps) || changed;
      }
    }
    return true;
  }

  cycle(steps: Steps): readonly CycleEdge[] | undefined {
    const size = this.nodes.length;
    const builder = new GraphBuilder(size);
    for (const { from, to, kind, witness } of this.edges) builder.edge(from, to, kind, witness);
    const graph = builder.build(new Int32Array(size).fill(-1), new Int32Array(size).fill(size));
    const walk = { kinds: SESSION | WW | WR | RW | COMMIT, session: false, realtime: false, blocks: 0 };
    const [tangle] = components(graph, walk).sort((a, b) => a.length - b.length);
    if (tangle === undefined) return undefined;
    const sub = induced(graph, tangle);
    const whole = (v: number) => this.nodes[sub.nodes[v]!]!;
    return anyCycle(sub.graph, walk, steps)?.map((edge) => ({
      ...edge,
      from: whole(edge.from),
      to: whole(edge.to),
    }));
  }

  /** Where the other writers of a read's key must be: before what was read, or after the read. */
  private demand(o: number, steps: Steps): boolean {
    const { txns, readsFrom, written, nodes, local, before } = this;
    const key = txns.opKey[o]!;
    const reader = local.get(txns.opTxn[o]!)!;
    const source = sourceTxn(txns, readsFrom, o);
    const from = source === INITIAL ? INITIAL : local.get(source)!;
    let changed = false;
    steps.spend(nodes.length);
    for (let w = 0; w < nodes.length; w++) {
      if (w === reader || w === from || written.find(nodes[w]!, key) < 0) continue;
      if (from === INITIAL || before.has(from, w)) changed = this.add(reader, w, RW, o) || changed;
      else if (before.has(w, reader)) changed = this.add(w, from, COMMIT, o) || changed;
    }
    return changed;
  }

  private add(from: number, to: number, kind: number, witness: number): boolean {
    if (from === to || this.before.has(from, to)) return false;
    this.edges.push({ from, to, kind, witness });
    this.before.addClosed(from, to);
    return true;
  }
}
