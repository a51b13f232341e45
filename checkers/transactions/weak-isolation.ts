import { type AnomalyKind, refutedBy } from './anomalies.ts';
import { sessionChains } from './chains.ts';
import { commitViolations } from './commit-orders.ts';
import { type Graph, induced } from './graph.ts';
import type { Transactions } from './micro-operations.ts';
import type { ConsistencyModel } from './models.ts';
import type { CycleEdge } from './path-search.ts';
import type { ReadsFrom } from './reads-from.ts';
import { sessionViolations } from './session-orders.ts';
import type { Steps } from './steps.ts';
import { COMMIT_MODELS, SESSION_MODELS, Views, type WeakModel } from './visibility.ts';
import { causalSuspects, isEmpty, nearSuspects, readsFromAny, type Suspects } from './weak-suspects.ts';
import { WrittenKeys } from './written-keys.ts';

/** A proof that a weak model does not hold. */
export type WeakViolation =
  /** The transaction of `read` had seen `visible`, which wrote the key, and yet read the initial version. */
  | { readonly model: WeakModel; readonly visible: number; readonly read: number }
  /** Transactions that must each precede the next, in a circle. */
  | { readonly model: WeakModel; readonly cycle: readonly CycleEdge[] };

export interface WeakSearch {
  readonly violations: readonly WeakViolation[];
  readonly undecided: ReadonlySet<AnomalyKind>;
}

export interface WeakInput {
  readonly txns: Transactions;
  readonly readsFrom: ReadsFrom;
  /** With the edges `WR`, and `WW` as far as version orders are known. */
  readonly graph: Graph;
  /** Whether the order of a key's versions is known. */
  readonly isOrdered: (key: number) => boolean;
  readonly model: ConsistencyModel;
  /** What is refuted already. */
  readonly refuted: ReadonlySet<ConsistencyModel>;
  readonly steps: Steps;
  /** Memory for clocks. */
  readonly bytes: number;
}

/** Kinds for which a transaction has only seen what it read from itself, or what its session did. */
const NEAR: ReadonlySet<AnomalyKind> = new Set([
  'observed-transaction-vanishes',
  'fractured-read',
  'observed-transaction-vanishes-process',
  'fractured-read-process',
]);

/**
 * Which weak models that `model` implies the history violates. First, in near linear time, the strongest of them: where
 * it holds, all hold. Where it doesn't, every violation of a weaker one runs among the transactions that its own
 * violations tangle up, and those alone are then checked by the plain definitions.
 */
export function weakIsolation(input: WeakInput): WeakSearch {
  const { txns, readsFrom, model, refuted } = input;
  const relevant = [...COMMIT_MODELS, ...SESSION_MODELS].filter(
    ({ kind }) => refutedBy(kind).has(model) && [...refutedBy(kind)].some((each) => !refuted.has(each)),
  );
  const farther = relevant.some(({ kind }) => !NEAR.has(kind) && kind !== 'read-your-writes-violation');
  // A session's own writes are near too, so they alone are no reason to look farther.
  const isNear = ({ kind }: WeakModel) => NEAR.has(kind) || !farther;
  const near = relevant.filter(isNear);
  const far = relevant.filter((weak) => !isNear(weak));
  const sessions = sessionChains(txns, readsFrom.committed);
  const violations: WeakViolation[] = [];
  const undecided = new Set<AnomalyKind>();
  const distant = far.length > 0 ? causalSuspects(input, sessions) : undefined;
  if (distant !== undefined && isEmpty(distant)) return { violations, undecided };
  const written = new WrittenKeys(txns);
  if (distant !== undefined) check(far, distant);
  if (near.length > 0) {
    const suspects = nearSuspects(input, near, sessions, written);
    if (!isEmpty(suspects)) check(near, suspects);
  }
  return { violations: withoutImplied(violations), undecided };

  /** Checks models by their definitions among the suspects. */
  function check(models: readonly WeakModel[], { nodes, stale }: Suspects): void {
    const among = {
      txns,
      readsFrom,
      sessions,
      written,
      part: induced(input.graph, nodes),
      isOrdered: input.isOrdered,
      views: new Views(txns, readsFrom, sessions, input.steps),
      reads: readsFromAny(txns, readsFrom, nodes),
      stale,
      steps: input.steps,
    };
    for (const weak of models) {
      const byCommits = weak.order === 'commits' || weak.order === 'session-commits';
      const found = byCommits ? commitViolations(weak, among) : sessionViolations(weak, among);
      violations.push(...found);
      if (found.length === 0 && input.steps.exhausted) undecided.add(weak.kind);
    }
  }
}

/** Without the violations of models that fall anyway with a weaker one that is violated too. */
function withoutImplied(violations: readonly WeakViolation[]): WeakViolation[] {
  const kinds = [...new Set(violations.map(({ model }) => model.kind))];
  const told = kinds.filter((kind) => !kinds.some((other) => other !== kind && fallsWith(kind, other)));
  return violations.filter(({ model }) => told.includes(model.kind));
}

/** Whether all that `stronger` refutes falls with `weaker` anyway. */
function fallsWith(stronger: AnomalyKind, weaker: AnomalyKind): boolean {
  const fallen = refutedBy(weaker);
  return [...refutedBy(stronger)].every((model) => fallen.has(model));
}
