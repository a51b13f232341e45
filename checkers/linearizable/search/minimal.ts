import { int32Column, uint8Column } from '../columns.ts';
import { NEVER } from '../intervals.ts';
import { GIVEN, NONE, type SearchProblem } from './problem.ts';
import { Search } from './search.ts';

/**
 * How hard to look: steps for one attempt and, with an allowance for each operation gone over, for all of
 * them.
 */
const ATTEMPT = { steps: 100_000, bytes: 1 << 26 };
const STEPS_ALL = 500_000;
const COST_OF_OPERATION = 1 / 8;

/**
 * Operations that alone break linearizability, `stuck` among them: even if each of the others may as well
 * have had no effect, they can't be linearized. Close to the fewest (Zeller and Hildebrandt 2002), and more
 * when finding them would take too long. `stuck` is the first operation at whose completion the search found
 * no way on.
 */
export function operationsThatMatter(problem: SearchProblem, stuck: number): number[] {
  const { call, ret } = problem;
  const cut = ret[stuck]!;
  const seen: number[] = [];
  for (let op = 0; op < problem.count && call[op]! < cut; op++) seen.push(op);
  let steps = 0;
  const proves = (mandatory: readonly number[]): boolean => {
    if (steps > STEPS_ALL) return false;
    const must = [...mandatory, stuck];
    const easier = problem.relaxed?.(must, cut) ?? relaxed(problem, seen, must, cut);
    const outcome = new Search(easier, ATTEMPT).run();
    steps += outcome.steps + seen.length * COST_OF_OPERATION;
    return outcome.verdict === 'not-linearizable';
  };
  const completed = seen.filter(
    (op) => ret[op]! <= cut && op !== stuck && problem.effect[problem.kind[op]!] !== GIVEN,
  );
  return [...fewest(latest(completed, proves), proves), stuck];
}

/** The last few that are enough: what went wrong is seldom far back. */
function latest(
  operations: readonly number[],
  enough: (few: readonly number[]) => boolean,
): readonly number[] {
  for (let few = 8; few < operations.length; few *= 4) {
    if (enough(operations.slice(-few))) return operations.slice(-few);
  }
  return operations;
}

/** Leaves out what can be left out, in ever smaller pieces, the oldest last. */
function fewest(
  operations: readonly number[],
  enough: (few: readonly number[]) => boolean,
): readonly number[] {
  let kept = operations;
  for (let size = kept.length; size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let end = kept.length; end > 0; end -= size) {
      const without = [...kept.slice(0, Math.max(0, end - size)), ...kept.slice(end)];
      if (enough(without)) kept = without;
    }
  }
  return kept;
}

/** The operations `seen` before time `cut`; all but `mandatory` may have had no effect. */
function relaxed(
  problem: SearchProblem,
  seen: readonly number[],
  mandatory: readonly number[],
  cut: number,
): SearchProblem {
  const must = new Set(mandatory);
  const rows = seen.filter((op) => must.has(op) || problem.effect[problem.kind[op]!] !== NONE);
  return {
    count: rows.length,
    call: int32Column(rows, (op) => problem.call[op]!),
    ret: int32Column(rows, (op) => (problem.ret[op]! > cut ? NEVER : problem.ret[op]!)),
    kind: int32Column(rows, (op) => problem.kind[op]!),
    optional: uint8Column(rows, (op) => (must.has(op) ? 0 : 1)),
    effect: problem.effect,
    automaton: problem.automaton,
  };
}
