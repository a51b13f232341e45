import type { History } from '../../../histories/history.ts';
import { formatValue } from '../../describe.ts';
import { NEVER } from '../intervals.ts';
import { explainSearch } from '../search/explain.ts';
import { ANY, IMPOSSIBLE, NONE, OVERWRITE, type SearchProblem } from '../search/problem.ts';
import type { SearchTask } from '../search/schedule.ts';
import { CAS, INITIAL, READ, type RegisterOperations, WRITE } from './encode.ts';

/** The operations of a register as a search problem; the state is the id of the value. */
export function registerProblem(ops: RegisterOperations): SearchProblem {
  const { kind, value, next, call, ret } = ops;
  const count = kind.length;
  const classes = new Map<string, number>();
  const kinds: number[] = [];
  const froms: number[] = [];
  const tos: number[] = [];
  const ofOp = new Int32Array(count);
  const optional = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    const name = `${kind[i]} ${value[i]} ${kind[i] === CAS ? next[i] : ''}`;
    let id = classes.get(name);
    if (id === undefined) {
      classes.set(name, (id = kinds.length));
      kinds.push(kind[i]!);
      froms.push(value[i]!);
      tos.push(next[i]!);
    }
    ofOp[i] = id;
    optional[i] = ret[i] === NEVER ? 1 : 0;
  }
  const effect = Uint8Array.from(kinds, (k) => (k === WRITE ? OVERWRITE : k === CAS ? ANY : NONE));
  const step = (c: number, state: number): number => {
    switch (kinds[c]) {
      case WRITE:
        return froms[c]!;
      case CAS:
        return state === froms[c] ? tos[c]! : IMPOSSIBLE;
      case READ:
        return state === froms[c] ? state : IMPOSSIBLE;
      default:
        return state === froms[c] ? IMPOSSIBLE : state;
    }
  };
  return { count, call, ret, kind: ofOp, optional, effect, automaton: { initial: INITIAL, step } };
}

/** The search that decides a register where chains of values can't. */
export function registerTask(
  history: History,
  ops: RegisterOperations,
  values: readonly unknown[],
): SearchTask {
  return {
    key: ops.key,
    problem: () => registerProblem(ops),
    explain: (problem, outcome) =>
      explainSearch(history, ops.key, problem, outcome, (state) => formatValue(values[state])),
  };
}
