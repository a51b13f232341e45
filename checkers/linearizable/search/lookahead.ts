import { type Layout, OBSERVER, STATE } from './layout.ts';
import type { OpenOperations } from './open-operations.ts';
import { OVERWRITE, type SearchProblem } from './problem.ts';

/** How many of the next observers are looked at. */
const FAR = 3;

/**
 * Tells configurations that can't be continued: what some observer will soon have seen is out of reach, and
 * no overwrite will come in time to change that. Only for models that know what is out of reach (`rulesOut`).
 */
export class Lookahead {
  private readonly problem: SearchProblem;
  private readonly layout: Layout;
  private readonly open: OpenOperations;
  /** Observers in the order of their completions. */
  private readonly observers: Int32Array;
  /** Invocations of overwrites, in order. */
  private readonly overwrites: readonly number[];
  private next = 0;
  private guards: number[] = [];
  /** By state, the guards that it rules out, as bits. */
  private readonly ruledOut = new Map<number, number>();

  constructor(problem: SearchProblem, layout: Layout, open: OpenOperations) {
    this.problem = problem;
    this.layout = layout;
    this.open = open;
    this.observers = layout.events
      .filter((event) => event < 0 && layout.role[~event] === OBSERVER)
      .map((event) => ~event);
    this.overwrites = [...problem.call].filter((_, op) => problem.effect[problem.kind[op]!] === OVERWRITE);
  }

  /** Prepares for the completion of an operation at `time`. */
  prepare(time: number): void {
    const { ret } = this.problem;
    this.ruledOut.clear();
    while (this.next > 0 && ret[this.observers[this.next - 1]!]! >= time) this.next--;
    while (this.next < this.observers.length && ret[this.observers[this.next]!]! < time) this.next++;
    const coming = this.firstOverwriteAfter(time);
    this.guards = [...this.observers.subarray(this.next, this.next + FAR)].filter((op) => ret[op]! < coming);
  }

  /** Whether the configuration leads nowhere. */
  isHopeless(config: Int32Array): boolean {
    const ruledOut = this.ruledOutBy(config[STATE]!);
    if (ruledOut === 0) return false;
    const { word, bit } = this.layout;
    const isSet = (op: number) => (config[word[op]!]! & bit[op]!) !== 0;
    const hopeless = this.guards.some(
      (op, i) => (ruledOut & (1 << i)) !== 0 && (op >= this.open.invoked || !isSet(op)),
    );
    return hopeless && this.open.overwrites.every(isSet);
  }

  private ruledOutBy(state: number): number {
    let bits = this.ruledOut.get(state);
    if (bits === undefined) {
      const { kind, automaton } = this.problem;
      bits = 0;
      this.guards.forEach((op, i) => {
        if (automaton.rulesOut?.(kind[op]!, state)) bits! |= 1 << i;
      });
      this.ruledOut.set(state, bits);
    }
    return bits;
  }

  private firstOverwriteAfter(time: number): number {
    let low = 0;
    let high = this.overwrites.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.overwrites[middle]! < time) low = middle + 1;
      else high = middle;
    }
    return this.overwrites[low] ?? Number.POSITIVE_INFINITY;
  }
}
