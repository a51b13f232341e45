import type { System } from '../../../world/system.ts';
import { totalOf } from '../g-counter/g-counter.ts';
import { type StateBased, stateBasedSystem } from '../shared/crdt/state-based.ts';
import { merge, type Vector } from '../shared/vector.ts';

/** What was added at each replica, and what was taken off there: each only grows. */
interface Counts {
  readonly up: Vector;
  readonly down: Vector;
}

/** A counter that goes up and down: two that only grow, one taken from the other. */
export const pnCounter: System = stateBasedSystem({
  name: 'pn-counter',
  about: 'counter that goes up and down: two grow-only counters, one for each direction',
  how: [
    'What only grows can be merged by taking the greater; what goes up and down can not. So additions and subtractions are counted apart, each as in a g-counter, and the value is the difference.',
  ],
  sources: ['Shapiro et al., A comprehensive study of CRDTs, INRIA 2011, specification 7'],
  bugs: {
    'decrements-in-place': {
      about:
        'a decrement lowers the count of its replica: the merge, which keeps the greater, brings the old count back',
      workload: 'replicated-counter',
      nemeses: ['packet'],
    },
  },
  serves: { 'replicated-counter': ['increment', 'decrement', 'read'] },
  object,
});

/** Specification 7 of the comprehensive study. */
function object(bugs: ReadonlySet<string>): StateBased<Counts> {
  return {
    empty: { up: {}, down: {} },
    update(counts, { f, origin, value }) {
      // A count that is lowered is older than itself in the order that the merge goes by.
      const inPlace = f === 'decrement' && bugs.has('decrements-in-place');
      const direction = f === 'decrement' && !inPlace ? 'down' : 'up';
      const by = inPlace ? -(value as number) : (value as number);
      const count = (counts[direction][origin] ?? 0) + by;
      return { ...counts, [direction]: { ...counts[direction], [origin]: count } };
    },
    merge: (mine, theirs) => ({
      up: merge(mine.up, theirs.up),
      down: merge(mine.down, theirs.down),
    }),
    query: ({ up, down }) => totalOf(up) - totalOf(down),
  };
}
