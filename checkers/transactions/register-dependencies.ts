import { type Graph, GraphBuilder, WR, WW } from './graph.ts';
import type { Transactions } from './micro-operations.ts';
import { type ReadsFrom, sourceTxn } from './reads-from.ts';
import type { RegisterOrder } from './register-versions.ts';
import { sessionSuccessors } from './sessions.ts';

/** The dependencies between transactions on registers: who read from whom, and what is known of the versions' order. */
export function registerDependencies(txns: Transactions, readsFrom: ReadsFrom, order: RegisterOrder): Graph {
  let reads = 0;
  for (let o = 0; o < txns.opKind.length; o++) if (readsFrom.source[o]! >= 0) reads++;
  const builder = new GraphBuilder(txns.size, reads + order.pairs.length);
  for (let o = 0; o < txns.opKind.length; o++) {
    const source = sourceTxn(txns, readsFrom, o);
    if (source >= 0) builder.edge(source, txns.opTxn[o]!, WR, o);
  }
  for (const [older, newer, write] of order.pairs) builder.edge(older, newer, WW, write);
  return builder.build(sessionSuccessors(txns, readsFrom.committed), txns.after);
}
