import { ABSORBABLE, INSTANT, type Layout, OBSERVER } from './layout.ts';
import { OVERWRITE, type SearchProblem } from './problem.ts';

/** The operations open at one place in the history. Can go forwards and backwards. */
export class OpenOperations {
  /** Operations that may change something, by class; the earliest deadline first, optional ones last. */
  readonly mutators = new Map<number, number[]>();
  readonly observers: number[] = [];
  /** Overwrites, whether they must be linearized or not. */
  readonly overwrites: number[] = [];
  /** Those that must, in the order of their invocations. */
  readonly absorbables: number[] = [];
  /** Number of operations invoked so far. */
  invoked = 0;
  /** Number of events behind. */
  position = 0;
  private readonly problem: SearchProblem;
  private readonly layout: Layout;

  constructor(problem: SearchProblem, layout: Layout) {
    this.problem = problem;
    this.layout = layout;
  }

  /** Goes over events until `position` of them are behind. */
  moveTo(position: number): void {
    const { events } = this.layout;
    while (this.position < position) {
      const event = events[this.position++]!;
      if (event >= 0) this.invoked++;
      if (event >= 0) this.add(event);
      else this.remove(~event);
    }
    while (this.position > position) {
      const event = events[--this.position]!;
      if (event >= 0) this.invoked--;
      if (event >= 0) this.remove(event);
      else this.add(~event);
    }
  }

  private add(op: number): void {
    const role = this.layout.role[op]!;
    if (role === INSTANT) return;
    if (role === OBSERVER) {
      this.observers.push(op);
      return;
    }
    if (role === ABSORBABLE) insertInto(this.absorbables, op, (other) => other > op);
    const { kind, ret, effect } = this.problem;
    if (effect[kind[op]!] === OVERWRITE) this.overwrites.push(op);
    let list = this.mutators.get(kind[op]!);
    if (list === undefined) this.mutators.set(kind[op]!, (list = []));
    insertInto(list, op, (other) => ret[other]! > ret[op]!);
  }

  private remove(op: number): void {
    const role = this.layout.role[op]!;
    if (role === INSTANT) return;
    if (role === OBSERVER) {
      removeFrom(this.observers, op);
      return;
    }
    if (role === ABSORBABLE) removeFrom(this.absorbables, op);
    const kind = this.problem.kind[op]!;
    if (this.problem.effect[kind] === OVERWRITE) removeFrom(this.overwrites, op);
    const list = this.mutators.get(kind)!;
    removeFrom(list, op);
    if (list.length === 0) this.mutators.delete(kind);
  }
}

/** Puts `op` before those at the end that are `later`. */
function insertInto(list: number[], op: number, later: (other: number) => boolean): void {
  let at = list.length;
  while (at > 0 && later(list[at - 1]!)) at--;
  list.splice(at, 0, op);
}

function removeFrom(list: number[], op: number): void {
  list.splice(list.indexOf(op), 1);
}
