import type { Verdict } from '../checker.ts';
import type { Findings } from '../findings.ts';
import { type AnomalyKind, refutedBy } from './anomalies.ts';
import type { Transactions } from './micro-operations.ts';
import { CONSISTENCY_MODELS, type ConsistencyModel, impliedBy, strongest, weakest } from './models.ts';

export interface Searched {
  /** What was found, told or not. */
  readonly found: ReadonlySet<AnomalyKind>;
  /** Kinds of which it can't be said whether there are any, with the reason. */
  readonly undecided: ReadonlyMap<AnomalyKind, string>;
  readonly vacuous: readonly string[];
  readonly committed: number;
  readonly acknowledged: number;
}

/** The verdict on a history of transactions: which models its anomalies refute, and whether `model` is among them. */
export function transactionVerdict(
  checker: string,
  model: ConsistencyModel,
  txns: Transactions,
  findings: Findings,
  searched: Searched,
): Verdict {
  const anomalies = findings.anomalies();
  const broken = new Set<ConsistencyModel>();
  for (const kind of searched.found) for (const each of refutedBy(kind)) broken.add(each);
  const open = new Set<ConsistencyModel>();
  for (const kind of searched.undecided.keys()) {
    for (const each of refutedBy(kind)) if (!broken.has(each)) open.add(each);
  }
  const possible = new Set(
    CONSISTENCY_MODELS.filter((each) => impliedBy(model).has(each) && !broken.has(each)),
  );
  const valid = broken.has(model) ? false : open.has(model) ? 'unknown' : true;
  const vacuous = [...searched.vacuous];
  if (searched.acknowledged === 0) vacuous.push('no transaction was acknowledged');
  return {
    checker,
    valid,
    anomalies,
    counts: {
      transactions: txns.size,
      acknowledged: searched.acknowledged,
      committed: searched.committed,
      ...findings.counts(),
    },
    vacuous,
    ...(valid === 'unknown' ? { reason: reasonOf(model, searched.undecided) } : {}),
    details: {
      model,
      weakestBroken: weakest(broken),
      strongestPossible: strongest(possible),
      undecided: [...searched.undecided.keys()],
    },
  };
}

/** Why nothing can be said about a model: `cannot say whether there are cycles of G2-item: the steps ran out`. */
function reasonOf(model: ConsistencyModel, undecided: ReadonlyMap<AnomalyKind, string>): string {
  const byReason = new Map<string, AnomalyKind[]>();
  for (const [kind, reason] of undecided) {
    if (!refutedBy(kind).has(model)) continue;
    byReason.set(reason, [...(byReason.get(reason) ?? []), kind]);
  }
  return [...byReason]
    .map(([reason, kinds]) => `cannot say whether there is ${kinds.join(' or ')}: ${reason}`)
    .join('; ');
}
