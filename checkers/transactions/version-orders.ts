import { type AnomalyKind, refutedBy } from './anomalies.ts';
import type { ConsistencyModel } from './models.ts';
import { ORDER_CLASSES, type OrderClass } from './order-classes.ts';
import type { OrderProblem } from './order-problem.ts';
import { type Refutation, refuteOrders } from './order-search.ts';
import type { Steps } from './steps.ts';

export interface OrderFinding {
  readonly kind: OrderClass;
  readonly refutation: Refutation;
}

export interface OrderSearch {
  readonly findings: readonly OrderFinding[];
  readonly undecided: ReadonlySet<AnomalyKind>;
  /** Whether some order of the versions has no cycle that refutes the model. */
  readonly possible: boolean;
}

/**
 * Which of the models that `model` implies no order of the versions satisfies, beyond those that are refuted already.
 * The strongest comes first: where it is possible, all are. Otherwise from the weakest on, and what falls with a
 * weaker one is passed over.
 */
export function searchVersionOrders(
  problem: OrderProblem,
  model: ConsistencyModel,
  refuted: ReadonlySet<ConsistencyModel>,
  steps: Steps,
): OrderSearch {
  const classes = ORDER_CLASSES.filter(({ kind }) => refutedBy(kind).has(model));
  const strongest = classes.at(-1);
  const undecided = new Set<AnomalyKind>();
  const outcome = new Map<OrderClass, ReturnType<typeof refuteOrders>>();
  if (strongest !== undefined && !isSubset(refutedBy(strongest.kind), refuted)) {
    outcome.set(strongest, refuteOrders(problem, strongest, steps));
    if (outcome.get(strongest) === 'possible') return { findings: [], undecided, possible: true };
  }
  const fallen = new Set(refuted);
  const findings: OrderFinding[] = [];
  for (const kind of classes) {
    if (isSubset(refutedBy(kind.kind), fallen)) continue;
    const refutation = outcome.get(kind) ?? refuteOrders(problem, kind, steps);
    if (refutation === 'undecided') undecided.add(kind.kind);
    else if (refutation !== 'possible') {
      findings.push({ kind, refutation });
      for (const each of refutedBy(kind.kind)) fallen.add(each);
    }
  }
  return { findings, undecided, possible: false };
}

function isSubset<T>(small: ReadonlySet<T>, large: ReadonlySet<T>): boolean {
  for (const each of small) if (!large.has(each)) return false;
  return true;
}
