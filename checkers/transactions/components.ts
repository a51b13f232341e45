import { type Graph, type Orders, VIA } from './graph.ts';

/** In place of a number in the order of discovery: the node's component is complete. */
const DONE = 0x7fffffff;

/**
 * The strongly connected components of more than one node, each with its nodes sorted (Tarjan 1972, without
 * recursion).
 *
 * Real time is walked over one virtual node for each transaction `j`, which stands for all that began with `j` or
 * later: its successors are `j` and the virtual node of `j + 1`, and a transaction that ended leads to the virtual
 * node of the first that began after it.
 */
export function components(graph: Graph, orders: Orders): Int32Array[] {
  const { size, txnCount, first, to, kind, next, after } = graph;
  const kinds = orders.kinds | VIA;
  const total = orders.realtime ? size + txnCount : size;
  const found: Int32Array[] = [];
  const number = new Int32Array(total);
  const low = new Int32Array(total);
  /** The next edge of each node on the path; after the last one come session order and real time. */
  const cursor = new Int32Array(total);
  const path = new Int32Array(total);
  const open = new Int32Array(total);
  let discovered = 0;
  let pathLength = 0;
  let openLength = 0;

  for (let root = 0; root < size; root++) {
    if (number[root] !== 0) continue;
    enter(root);
    while (pathLength > 0) {
      const v = path[pathLength - 1]!;
      const w = successor(v);
      if (w === -1) leave(v);
      else if (number[w] === 0) enter(w);
      else if (number[w]! < low[v]!) low[v] = number[w]!;
    }
  }
  return found;

  function enter(v: number): void {
    number[v] = low[v] = ++discovered;
    cursor[v] = v < size ? first[v]! : 0;
    path[pathLength++] = v;
    open[openLength++] = v;
  }

  function leave(v: number): void {
    pathLength--;
    if (low[v] === number[v]) complete(v);
    else {
      const parent = path[pathLength - 1]!;
      if (low[v]! < low[parent]!) low[parent] = low[v]!;
    }
  }

  function complete(v: number): void {
    let start = openLength;
    let members = 0;
    for (let w = -1; w !== v; ) {
      w = open[--start]!;
      number[w] = DONE;
      if (w < size) members++;
    }
    if (members > 1) {
      found.push(open.slice(start, openLength).sort().subarray(0, members));
    }
    openLength = start;
  }

  /** The next successor of `v` not looked at yet, or -1. */
  function successor(v: number): number {
    if (v >= size) {
      const j = v - size;
      const step = cursor[v]!++;
      if (step === 0) return j;
      return step === 1 && j + 1 < txnCount ? v + 1 : -1;
    }
    const end = first[v + 1]!;
    while (cursor[v]! < end) {
      const e = cursor[v]!++;
      if ((kind[e]! & kinds) !== 0) return to[e]!;
    }
    if (cursor[v] === end) {
      cursor[v] = end + 1;
      if (orders.session && next[v]! >= 0) return next[v]!;
    }
    if (cursor[v] === end + 1) {
      cursor[v] = end + 2;
      if (orders.realtime && after[v]! < txnCount) return size + after[v]!;
    }
    return -1;
  }
}
