import type { History } from '../../../histories/history.ts';
import { formatValue } from '../../describe.ts';
import { int32Column, uint8Column } from '../columns.ts';
import { NEVER } from '../intervals.ts';
import { explainSearch } from '../search/explain.ts';
import { ANY, IMPOSSIBLE, NONE, OVERWRITE, type SearchProblem } from '../search/problem.ts';
import type { SearchTask } from '../search/schedule.ts';
import { CAS, FAILED_CAS, INITIAL, READ, type RegisterOperations, type Registers, WRITE } from './encode.ts';

/** Stands for all values that make no difference to anybody. */
const UNSEEN = -1;

/** The search that decides the `n`-th register where chains of values can't. */
export function registerTask(history: History, registers: Registers, n: number): SearchTask {
  const { key } = registers.at(n);
  return {
    key,
    problems: () => [registerProblem(registers.at(n))],
    explain(problem, outcome) {
      const ops = registers.at(n);
      const { values } = registers;
      const names = stateNames(ops);
      const describe = (state: number) =>
        names[state] === UNSEEN ? 'a value that nobody saw' : formatValue(values[names[state]!]);
      return explainSearch(history, key, problem, outcome, describe);
    },
  };
}

/**
 * The operations of a register as a search problem. Values that nobody read or expected are one state, so
 * that their writes are interchangeable; such a write is left out if it is pending and no failed
 * compare-and-set may need it.
 */
export function registerProblem(ops: RegisterOperations): SearchProblem {
  const { kind, value, next, call, ret } = ops;
  const names = stateNames(ops);
  const states = new Map(names.map((id, state) => [id, state]));
  const stateOf = (id: number) => states.get(id) ?? states.get(UNSEEN)!;
  const refusals = kind.includes(FAILED_CAS);
  const classes = new Classes();
  const rows: number[] = [];
  const classOf: number[] = [];
  for (let i = 0; i < kind.length; i++) {
    const from = stateOf(value[i]!);
    const to = kind[i] === CAS ? stateOf(next[i]!) : from;
    if (!refusals && ret[i] === NEVER && names[to] === UNSEEN) continue;
    rows.push(i);
    classOf.push(classes.id(kind[i]!, from, to));
  }
  return {
    count: rows.length,
    call: int32Column(rows, (i) => call[i]!),
    ret: int32Column(rows, (i) => ret[i]!),
    kind: Int32Array.from(classOf),
    optional: uint8Column(rows, (i) => (ret[i] === NEVER ? 1 : 0)),
    effect: uint8Column(classes.kinds, (k) => (k === WRITE ? OVERWRITE : k === CAS ? ANY : NONE)),
    automaton: {
      initial: stateOf(INITIAL),
      size: names.length,
      bytes: 0,
      step: (operation, state) => classes.step(operation, state),
    },
  };
}

/** Ids of the values that somebody saw, one for each state, and last `UNSEEN` for all others. */
function stateNames({ kind, value }: RegisterOperations): number[] {
  const seen = new Set<number>([INITIAL]);
  for (let i = 0; i < kind.length; i++) if (kind[i] !== WRITE) seen.add(value[i]!);
  return [...seen, UNSEEN];
}

/** Operations that do the same: kind, state needed or installed, state after. */
class Classes {
  readonly kinds: number[] = [];
  private readonly froms: number[] = [];
  private readonly tos: number[] = [];
  private readonly ids = new Map<string, number>();

  id(kind: number, from: number, to: number): number {
    const name = `${kind} ${from} ${to}`;
    let id = this.ids.get(name);
    if (id === undefined) {
      id = this.kinds.length;
      this.ids.set(name, id);
      this.kinds.push(kind);
      this.froms.push(from);
      this.tos.push(to);
    }
    return id;
  }

  step(operation: number, state: number): number {
    const from = this.froms[operation]!;
    switch (this.kinds[operation]) {
      case WRITE:
        return from;
      case READ:
      case CAS:
        return state === from ? this.tos[operation]! : IMPOSSIBLE;
      default:
        return state === from ? IMPOSSIBLE : state;
    }
  }
}
