import { OK } from '../../histories/op.ts';
import type { Budget, Verdict } from '../checker.ts';
import type { Findings } from '../findings.ts';
import { type AnomalyKind, refutedBy } from './anomalies.ts';
import { sessionChains } from './chains.ts';
import { type Reasons, tellCycle } from './cycle-story.ts';
import { findCycles } from './cycles.ts';
import type { Graph } from './graph.ts';
import type { Transactions } from './micro-operations.ts';
import type { ConsistencyModel } from './models.ts';
import { type KnownOrder, orderProblem } from './order-problem.ts';
import { tellRefutation } from './order-story.ts';
import type { ReadsFrom } from './reads-from.ts';
import { Steps } from './steps.ts';
import { transactionVerdict } from './verdict.ts';
import { searchVersionOrders } from './version-orders.ts';
import { weakIsolation } from './weak-isolation.ts';
import { WeakStories } from './weak-story.ts';

/** What a workload's own part of the checker has found out. */
export interface Resolved {
  readonly checker: string;
  readonly txns: Transactions;
  readonly readsFrom: ReadsFrom;
  /** The dependencies that are known. */
  readonly graph: Graph;
  /** Whether the graph's version orders are complete, so that no cycle means that the history is in order. */
  readonly complete: boolean;
  readonly isKnown: KnownOrder;
  readonly reasons: Reasons;
  /** What single reads showed. */
  readonly findings: Findings;
  readonly vacuous: readonly string[];
}

/** Histories of so many committed transactions are checked with every order of versions that is possible. */
const SMALL = 200;

/** Looks for everything that refutes `model`, and sums up. */
export function analyse(resolved: Resolved, model: ConsistencyModel, budget: Budget): Verdict {
  const { checker, txns, readsFrom, graph, reasons, findings } = resolved;
  const undecided = new Set<AnomalyKind>();
  const search = findCycles(graph, model, new Steps(budget.steps));
  for (const cycle of search.cycles) {
    const { message, ops } = tellCycle(txns, cycle, reasons);
    findings.add(cycle.kind, ops, () => message);
  }
  for (const kind of search.undecided) undecided.add(kind);
  if (!resolved.complete || search.components > 0) {
    checkWeakModels(resolved, model, budget, undecided);
    checkVersionOrders(resolved, model, budget, undecided);
  }
  return transactionVerdict(checker, model, txns, findings, {
    undecided,
    vacuous: resolved.vacuous,
    committed: count(readsFrom.committed, 1),
    acknowledged: count(txns.status, OK),
  });
}

function count(column: Uint8Array, value: number): number {
  let n = 0;
  for (let i = 0; i < column.length; i++) if (column[i] === value) n++;
  return n;
}

function checkWeakModels(
  { txns, readsFrom, graph, reasons, findings }: Resolved,
  model: ConsistencyModel,
  budget: Budget,
  undecided: Set<AnomalyKind>,
): void {
  const steps = new Steps(budget.steps);
  const weak = weakIsolation({ txns, readsFrom, graph, model, steps, bytes: budget.bytes / 2 });
  if (weak.violations.length > 0) {
    const stories = new WeakStories(txns, readsFrom, graph, reasons);
    for (const violation of weak.violations) {
      const { message, ops } = stories.tell(violation);
      findings.add(violation.model.kind, ops, () => message);
    }
  }
  for (const kind of weak.undecided) undecided.add(kind);
}

function checkVersionOrders(
  { txns, readsFrom, isKnown, reasons, findings }: Resolved,
  model: ConsistencyModel,
  budget: Budget,
  undecided: Set<AnomalyKind>,
): void {
  const committed = [];
  for (let t = 0; t < txns.size; t++) if (readsFrom.committed[t] === 1) committed.push(t);
  if (committed.length > SMALL) return;
  const chains = sessionChains(txns, readsFrom.committed);
  const problem = orderProblem(txns, readsFrom, chains, Int32Array.from(committed), isKnown);
  const refuted = new Set<ConsistencyModel>();
  for (const { kind } of findings.anomalies()) {
    for (const each of refutedBy(kind as AnomalyKind)) refuted.add(each);
  }
  const search = searchVersionOrders(problem, model, refuted, new Steps(budget.steps));
  for (const { kind, refutation } of search.findings) {
    const { message, ops } = tellRefutation(problem, kind, refutation, reasons);
    findings.add(kind.kind, ops, () => message);
  }
  for (const kind of search.undecided) undecided.add(kind);
}
