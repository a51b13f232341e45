import { OK } from '../../histories/op.ts';
import type { Chains } from './chains.ts';
import { WR } from './graph.ts';
import { firstWrite, READ, type Transactions, WRITE } from './micro-operations.ts';
import type { CycleEdge } from './path-search.ts';
import { INITIAL, NONE, type ReadsFrom, sourceTxn } from './reads-from.ts';

/** A key with the transactions that wrote it, in an order that may be known in part only. */
export interface OpenKey {
  readonly key: number;
  /** Transactions, by their number in the problem. */
  readonly writers: readonly number[];
  /** By place in `writers`, who read that version, and by which micro-operation. */
  readonly readers: readonly (readonly Reader[])[];
  /** Who read the version that was there before any write. */
  readonly initialReaders: readonly Reader[];
}

export interface Reader {
  readonly txn: number;
  readonly op: number;
}

/** Which of two writers of a key is known to come first. */
export type KnownOrder = (key: number, a: number, b: number) => boolean;

/**
 * Some committed transactions of a history, small enough to try out orders of their writes. Leaving out others only
 * takes constraints away, so whatever is impossible here is impossible in the whole history.
 */
export interface OrderProblem {
  readonly txns: Transactions;
  /** What each transaction is called in the history; sorted. */
  readonly nodes: Int32Array;
  readonly keys: readonly OpenKey[];
  readonly readsFrom: readonly CycleEdge[];
  /** Whether each transaction writes anything. */
  readonly updates: readonly boolean[];
  /** By key, whether the order of the writers at two places is known. */
  readonly known: readonly (readonly (readonly [before: number, after: number])[])[];
  inSession(a: number, b: number): boolean;
  inRealTime(a: number, b: number): boolean;
}

export function orderProblem(
  txns: Transactions,
  readsFrom: ReadsFrom,
  chains: Chains,
  nodes: Int32Array,
  isKnown: KnownOrder,
): OrderProblem {
  const local = new Map<number, number>();
  nodes.forEach((t, i) => {
    local.set(t, i);
  });
  const keys = new Map<number, { writers: number[]; readers: Reader[][]; initialReaders: Reader[] }>();
  const keyOf = (key: number) => {
    let found = keys.get(key);
    if (found === undefined) keys.set(key, (found = { writers: [], readers: [], initialReaders: [] }));
    return found;
  };
  const edges: CycleEdge[] = [];
  const eachOp = (visit: (i: number, o: number) => void) => {
    for (let i = 0; i < nodes.length; i++) {
      for (let o = txns.firstOp[nodes[i]!]!; o < txns.firstOp[nodes[i]! + 1]!; o++) visit(i, o);
    }
  };
  eachOp((i, o) => {
    if (txns.opKind[o] !== WRITE) return;
    const { writers, readers } = keyOf(txns.opKey[o]!);
    if (writers.includes(i)) return;
    writers.push(i);
    readers.push([]);
  });
  eachOp((i, o) => {
    if (txns.opKind[o] !== READ || readsFrom.source[o] === NONE) return;
    const { writers, readers, initialReaders } = keyOf(txns.opKey[o]!);
    const source = sourceTxn(txns, readsFrom, o);
    if (source === INITIAL) initialReaders.push({ txn: i, op: o });
    const from = local.get(source);
    if (from === undefined) return;
    readers[writers.indexOf(from)]!.push({ txn: i, op: o });
    if (from !== i) edges.push({ from, to: i, kind: WR, witness: o });
  });
  const openKeys = [...keys].map(([key, rest]) => ({ key, ...rest }));
  return {
    txns,
    nodes,
    keys: openKeys,
    readsFrom: edges,
    updates: Array.from(nodes, (t) => openKeys.some(({ key }) => firstWrite(txns, t, key) >= 0)),
    known: openKeys.map(({ key, writers }) =>
      writers.flatMap((a, i) =>
        writers.flatMap((b, j) => (i !== j && isKnown(key, nodes[a]!, nodes[b]!) ? [[i, j] as const] : [])),
      ),
    ),
    inSession: (a, b) => {
      const [s, t] = [nodes[a]!, nodes[b]!];
      return chains.chain[s] === chains.chain[t] && chains.place[s]! < chains.place[t]!;
    },
    inRealTime: (a, b) => txns.status[nodes[a]!] === OK && txns.after[nodes[a]!]! <= nodes[b]!,
  };
}
