import { type AnomalyKind, refutedBy } from './anomalies.ts';
import type { Chains } from './chains.ts';
import { eachNewer, type Graph } from './graph.ts';
import type { Transactions } from './micro-operations.ts';
import type { ConsistencyModel } from './models.ts';
import { ORDER_CLASSES } from './order-classes.ts';
import { type KnownOrder, type OrderProblem, orderProblem } from './order-problem.ts';
import type { ReadsFrom } from './reads-from.ts';
import { Steps } from './steps.ts';
import { type OrderFinding, searchVersionOrders } from './version-orders.ts';
import { type OlderWriters, WitnessSearch } from './witness.ts';

export interface LargeSearch {
  /** Whether an order was found that satisfies the model. */
  readonly possible: boolean;
  readonly findings: readonly (OrderFinding & { readonly problem: OrderProblem })[];
  readonly undecided: ReadonlySet<AnomalyKind>;
}

export interface LargeInput {
  readonly txns: Transactions;
  readonly readsFrom: ReadsFrom;
  readonly sessions: Chains;
  readonly graph: Graph;
  readonly isKnown: KnownOrder;
  readonly model: ConsistencyModel;
  readonly refuted: ReadonlySet<ConsistencyModel>;
  readonly steps: Steps;
}

/** Deadlocks that are looked into. */
const DEADLOCKS = 10;
/** Transactions of a deadlock, beyond which it isn't looked into. */
const LARGEST = 100;
/** Steps that go into one deadlock. */
const STEPS_FOR_DEADLOCK = 2_000_000;

/**
 * Whether a history of many transactions satisfies a model for which the order of versions matters. An order of the
 * transactions that explains all reads is proof that it does. Where the search for one gets stuck, the transactions in
 * each other's way are few enough to try all orders of their versions: that finds the proof that it doesn't.
 */
export function searchLargeHistory(input: LargeInput): LargeSearch {
  const { txns, readsFrom, sessions, graph, isKnown, model, steps } = input;
  const classes = ORDER_CLASSES.filter(({ kind }) => refutedBy(kind).has(model));
  const strongest = classes.at(-1);
  const undecided = new Set<AnomalyKind>();
  if (strongest === undefined) return { possible: false, findings: [], undecided };
  const findings: (OrderFinding & { problem: OrderProblem })[] = [];
  const refuted = new Set(input.refuted);
  const older = olderWriters(graph);
  let looked = 0;
  for (const mode of ['serial', 'snapshot'] as const) {
    // Snapshots satisfy only what snapshot isolation implies.
    if (mode === 'snapshot' && strongest.kind.startsWith('G2')) break;
    const search = new WitnessSearch(txns, readsFrom, sessions, older, strongest.level, mode);
    const found = search.run(steps, ({ txns: stuck }) => {
      if (looked++ >= DEADLOCKS) return false;
      if (stuck.length > LARGEST) return true;
      const nodes = Int32Array.from(stuck.filter((t) => readsFrom.committed[t] === 1)).sort();
      const problem = orderProblem(txns, readsFrom, sessions, nodes, isKnown);
      const orders = searchVersionOrders(problem, model, refuted, new Steps(STEPS_FOR_DEADLOCK));
      for (const finding of orders.findings) {
        findings.push({ ...finding, problem });
        for (const each of refutedBy(finding.kind.kind)) refuted.add(each);
      }
      return true;
    });
    if (found === true) return { possible: true, findings: [], undecided };
    if (refuted.has(model)) break;
  }
  if (!refuted.has(model)) undecided.add(strongest.kind);
  return { possible: false, findings, undecided };
}

/** The known version orders turned around. */
function olderWriters(graph: Graph): OlderWriters {
  const first = new Int32Array(graph.txnCount + 1);
  const each = (visit: (older: number, newer: number) => void) => {
    for (let v = 0; v < graph.txnCount; v++) eachNewer(graph, v, (w) => visit(v, w));
  };
  each((_, newer) => first[newer + 1]!++);
  for (let t = 0; t < graph.txnCount; t++) first[t + 1]! += first[t]!;
  const end = first.slice(0, graph.txnCount);
  const writers = new Int32Array(first[graph.txnCount]!);
  each((older, newer) => {
    writers[end[newer]!++] = older;
  });
  return { first, writers };
}
