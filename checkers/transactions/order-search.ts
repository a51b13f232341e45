import type { OrderClass } from './order-classes.ts';
import type { OrderProblem } from './order-problem.ts';
import { type Decision, OrderState } from './order-state.ts';
import type { Relation } from './relation.ts';
import type { Steps } from './steps.ts';

/** Why no order of versions is free of forbidden cycles. */
export type Refutation =
  /** With what was decided there is one. */
  | { readonly state: OrderState }
  /** One of two writers must be first, and neither can. */
  | { readonly choice: Decision; readonly ifSo: Refutation; readonly ifNot: Refutation };

/**
 * Whether every order of the versions contains a cycle of this class: its refutation, or `possible` when some order has
 * none, or `undecided` when the steps ran out.
 */
export function refuteOrders(
  problem: OrderProblem,
  kind: OrderClass,
  steps: Steps,
): Refutation | 'possible' | 'undecided' {
  return solve(OrderState.begin(problem, kind.level), kind, steps);
}

function solve(state: OrderState, kind: OrderClass, steps: Steps): Refutation | 'possible' | 'undecided' {
  if (steps.exhausted) return 'undecided';
  propagate(state, kind, steps);
  spendCheck(state, steps);
  if (kind.isBroken(state)) return { state };
  const open = firstOpen(state);
  if (open === undefined || guessWorks(state, kind, steps)) return 'possible';
  const choice: Decision = { ...open, ground: 'assumed' };
  const ifSo = branch(choice.before, choice.after);
  if (ifSo === 'possible' || ifSo === 'undecided') return ifSo;
  const ifNot = branch(choice.after, choice.before);
  if (ifNot === 'possible' || ifNot === 'undecided') return ifNot;
  return { choice, ifSo, ifNot };

  function branch(before: number, after: number): Refutation | 'possible' | 'undecided' {
    const next = state.clone();
    next.decide(choice.key, before, after, 'assumed');
    return solve(next, kind, steps);
  }
}

/** Decides all pairs whose order follows from what is decided already. */
function propagate(state: OrderState, kind: OrderClass, steps: Steps): void {
  for (let changed = true; changed; ) {
    changed = false;
    const precedes = kind.precedes(state);
    spendCheck(state, steps);
    state.eachOpen((key, a, b) => {
      if (state.isDecided(key, a, b)) return;
      const forward = mustPrecede(state, kind, precedes, key, a, b);
      if (!forward && !mustPrecede(state, kind, precedes, key, b, a)) return;
      state.decide(key, forward ? a : b, forward ? b : a, 'forced');
      changed = true;
    });
  }
}

/** Whether the version of writer `b` being the older one would close a forbidden cycle at once. */
function mustPrecede(
  { problem }: OrderState,
  kind: OrderClass,
  precedes: Relation,
  key: number,
  a: number,
  b: number,
): boolean {
  const { writers, readers } = problem.keys[key]!;
  if (precedes.has(writers[a]!, writers[b]!)) return true;
  return (
    kind.readsAreCurrent &&
    readers[b]!.some(({ txn }) => txn !== writers[a] && precedes.has(writers[a]!, txn))
  );
}

function firstOpen(state: OrderState): { key: number; before: number; after: number } | undefined {
  let first: { key: number; before: number; after: number } | undefined;
  state.eachOpen((key, before, after) => {
    first ??= { key, before, after };
  });
  return first;
}

/** Whether some order of everything that `precedes` allows settles the open pairs without a forbidden cycle. */
function guessWorks(state: OrderState, kind: OrderClass, steps: Steps): boolean {
  const guess = state.clone();
  const rank = ranks(kind.precedes(state));
  state.eachOpen((key, a, b) => {
    const { writers } = state.problem.keys[key]!;
    const forward = rank[writers[a]!]! < rank[writers[b]!]!;
    guess.decide(key, forward ? a : b, forward ? b : a, 'assumed');
  });
  spendCheck(state, steps);
  return !kind.isBroken(guess);
}

/** Places of the elements in an order that respects a transitive acyclic relation: by how many come before. */
function ranks(relation: Relation): Int32Array {
  const rank = new Int32Array(relation.size);
  for (let a = 0; a < relation.size; a++) relation.each(a, (b) => rank[b]!++);
  return rank;
}

function spendCheck({ problem }: OrderState, steps: Steps): void {
  const size = problem.nodes.length;
  steps.spend(1 + size * ((size + 31) >>> 5));
}
