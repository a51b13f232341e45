import type { AnomalyKind } from './anomalies.ts';
import { causalCommits } from './causal-commits.ts';
import type { Chains } from './chains.ts';
import { components } from './components.ts';
import { COMMIT, extendedWith, type Graph, WR, WW } from './graph.ts';
import { READ, type Transactions } from './micro-operations.ts';
import { observedParts } from './observed-parts.ts';
import { INITIAL, NONE, type ReadsFrom, sourceTxn } from './reads-from.ts';
import { topologicalOrder } from './topological-order.ts';
import type { WeakModel } from './visibility.ts';
import type { WeakInput } from './weak-isolation.ts';
import type { WrittenKeys } from './written-keys.ts';

/** Between what a weak model is violated, if it is. */
export interface Suspects {
  /** Transactions and junctions between which commits form cycles; sorted. */
  readonly nodes: Int32Array;
  /** Reads of initial versions that may be too old. */
  readonly stale: readonly number[];
}

export function isEmpty({ nodes, stale }: Suspects): boolean {
  return nodes.length === 0 && stale.length === 0;
}

/** What violates causal consistency, the strongest of these models. */
export function causalSuspects(input: WeakInput, sessions: Chains): Suspects {
  const { txns, readsFrom, graph } = input;
  const order = topologicalOrder(graph, { kinds: WR, session: true });
  // Where happened-before is cyclic there are no clocks: everything is suspect.
  if (order === undefined) return everything(input);
  const { edges, stale } = causalCommits(txns, readsFrom, sessions, order, input.bytes);
  const whole = extendedWith(graph, WW | WR, (edge) => {
    for (let i = 0; i < edges.count; i++) edge(edges.from[i]!, edges.to[i]!, COMMIT, -1);
  });
  return { nodes: tangled(whole, true), stale };
}

function everything({ txns, readsFrom, graph }: WeakInput): Suspects {
  const stale = [];
  for (let o = 0; o < txns.opKind.length; o++) if (readsFrom.source[o] === INITIAL) stale.push(o);
  return { nodes: Int32Array.from({ length: graph.size }, (_, v) => v), stale };
}

/** Kinds for which a transaction has seen what its session wrote. */
const OWN: ReadonlySet<AnomalyKind> = new Set(['fractured-read-process', 'read-your-writes-violation']);

/** What violates the strongest of the models in which transactions see no further than to what they read from. */
export function nearSuspects(
  { txns, readsFrom, graph }: WeakInput,
  models: readonly WeakModel[],
  sessions: Chains,
  written: WrittenKeys,
): Suspects {
  const kinds = models.map(({ kind }) => kind);
  const stale: number[] = [];
  const whole = extendedWith(graph, WW | WR, (edge) => {
    const emit = (visible: number, read: number) => {
      const source = sourceTxn(txns, readsFrom, read);
      if (source === INITIAL) stale.push(read);
      else edge(visible, source, COMMIT, read);
    };
    if (kinds.some((kind) => kind.startsWith('fractured-read')))
      observedParts(txns, readsFrom, written, false, emit);
    if (kinds.some((kind) => kind.startsWith('observed')))
      observedParts(txns, readsFrom, written, true, emit);
    if (kinds.some((kind) => OWN.has(kind))) ownSession(txns, readsFrom, sessions, emit);
  });
  const session = models.some((model) => model.order !== 'commits');
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
export function readsFromAny(txns: Transactions, readsFrom: ReadsFrom, nodes: Int32Array): number[] {
  const among = new Uint8Array(txns.size);
  for (const v of nodes) if (v < txns.size) among[v] = 1;
  const reads = [];
  for (let o = 0; o < txns.opKind.length; o++) {
    if (readsFrom.source[o]! >= 0 && among[sourceTxn(txns, readsFrom, o)] === 1) reads.push(o);
  }
  return reads;
}
