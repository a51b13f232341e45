import type { System } from '../../../world/system.ts';
import { type StateBased, stateBasedSystem } from '../shared/crdt/state-based.ts';

type Elements = readonly number[];

/** A set that only grows. */
export const gSet: System = stateBasedSystem({
  name: 'g-set',
  about: 'grow-only set: replicas exchange their elements, the merge is the union',
  how: ['The state is the set itself, and the merge is the union: the simplest of all semilattices.'],
  sources: ['Shapiro et al., A comprehensive study of CRDTs, INRIA 2011, specification 11'],
  bugs: {
    'larger-wins': {
      about: 'the merge keeps the larger of two sets instead of both: what only the smaller one had is lost',
      workload: 'replicated-set',
      nemeses: ['partition'],
    },
  },
  serves: { 'replicated-set': ['add', 'read'] },
  object,
});

/** Specification 11 of the comprehensive study; sorted, so that equal sets look alike. */
function object(bugs: ReadonlySet<string>): StateBased<Elements> {
  return {
    empty: [],
    update: (elements, { value }) => union(elements, [value as number]),
    merge(mine, theirs) {
      // Two sets of one size, or a smaller one, are not therefore the same or a part.
      if (bugs.has('larger-wins')) return theirs.length > mine.length ? theirs : mine;
      return union(mine, theirs);
    },
    query: (elements) => elements,
  };
}

function union(a: Elements, b: Elements): Elements {
  const known = new Set(a);
  const added = b.filter((element) => !known.has(element));
  return added.length === 0 ? a : [...a, ...added].sort((x, y) => x - y);
}
