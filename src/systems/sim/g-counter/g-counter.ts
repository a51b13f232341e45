import type { System } from '../../../world/system.ts';
import { type StateBased, stateBasedSystem } from '../shared/crdt/state-based.ts';
import { merge, type Vector } from '../shared/vector.ts';

/** A counter that only grows: of each replica, what has been added there. */
export const gCounter: System = stateBasedSystem({
  name: 'g-counter',
  about:
    'grow-only counter: each replica counts its own additions, the merge keeps the greater count of each',
  how: [
    'The state has an entry for each replica, which only that replica increases; the value is their sum. The merge takes the greater of two counts for the same replica, which is the later one.',
    'A single sum would not do: of two sums nobody can tell what they have in common.',
  ],
  sources: ['Shapiro et al., A comprehensive study of CRDTs, INRIA 2011, specification 6'],
  bugs: {
    'merge-adds': {
      about:
        'the merge adds up the counts of two replicas that differ, instead of taking the greater: it is not idempotent, and counts again what it has met before',
      workload: 'replicated-counter',
      nemeses: ['packet'],
    },
    'one-sum': {
      about: 'the state is a single sum, of which the merge keeps the greater: concurrent additions are lost',
      workload: 'replicated-counter',
      nemeses: ['partition'],
    },
  },
  serves: { 'replicated-counter': ['increment', 'read'] },
  object: (bugs) => counter(bugs),
});

/** Specification 6 of the comprehensive study. */
export function counter(bugs: ReadonlySet<string>): StateBased<Vector> {
  return {
    empty: {},
    update(counts, { origin, value }) {
      const entry = bugs.has('one-sum') ? 'sum' : origin;
      return { ...counts, [entry]: (counts[entry] ?? 0) + (value as number) };
    },
    merge: (mine, theirs) => (bugs.has('merge-adds') ? sum(mine, theirs) : merge(mine, theirs)),
    query: totalOf,
  };
}

export function totalOf(counts: Vector): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}

/** The mistake: what both have had from a third one counts twice. */
function sum(mine: Vector, theirs: Vector): Vector {
  const out: Record<string, number> = { ...mine };
  for (const [node, count] of Object.entries(theirs))
    if (out[node] !== count) out[node] = Math.min((out[node] ?? 0) + count, Number.MAX_SAFE_INTEGER);
  return out;
}
