import type { Graph, Orders } from './graph.ts';

/** The transactions in an order that respects these edges (Kahn 1962); undefined when there is none. */
export function topologicalOrder(
  { txnCount, first, to, kind, next }: Graph,
  { kinds, session }: Omit<Orders, 'realtime'>,
): Int32Array | undefined {
  const waitsFor = new Int32Array(txnCount);
  for (let v = 0; v < txnCount; v++) successors(v, (w) => waitsFor[w]!++);
  const order = new Int32Array(txnCount);
  let end = 0;
  for (let v = 0; v < txnCount; v++) if (waitsFor[v] === 0) order[end++] = v;
  for (let i = 0; i < end; i++) {
    successors(order[i]!, (w) => {
      if (--waitsFor[w]! === 0) order[end++] = w;
    });
  }
  return end === txnCount ? order : undefined;

  function successors(v: number, visit: (w: number) => void): void {
    for (let e = first[v]!; e < first[v + 1]!; e++) if ((kind[e]! & kinds) !== 0) visit(to[e]!);
    if (session && next[v]! >= 0) visit(next[v]!);
  }
}
