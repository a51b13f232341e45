import { type Graph, GraphBuilder, WR } from './graph.ts';
import type { Transactions } from './micro-operations.ts';
import { type ReadsFrom, sourceTxn } from './reads-from.ts';
import { sessionSuccessors } from './sessions.ts';

/** The dependencies between transactions on registers that are plain: who read from whom. */
export function registerDependencies(txns: Transactions, readsFrom: ReadsFrom): Graph {
  const builder = new GraphBuilder(txns.size);
  for (let o = 0; o < txns.opKind.length; o++) {
    const source = sourceTxn(txns, readsFrom, o);
    if (source >= 0) builder.edge(source, txns.opTxn[o]!, WR, o);
  }
  return builder.build(sessionSuccessors(txns, readsFrom.committed), txns.after);
}
