import type { Budget } from '../../checker.ts';
import { ConfigurationSet } from './configurations.ts';
import { ABSORBABLE, BOUNDARY, INSTANT, type Layout, layoutOf, OPTIONAL, STATE } from './layout.ts';
import { Lookahead } from './lookahead.ts';
import { OpenOperations } from './open-operations.ts';
import { IMPOSSIBLE, LATE, OVERWRITE, type SearchProblem } from './problem.ts';

export interface SearchOutcome {
  /** `steps` and `bytes`: the budget that ran out. */
  readonly verdict: 'linearizable' | 'not-linearizable' | 'steps' | 'bytes';
  readonly steps: number;
  /**
   * Events (invocations and completions) up to the last one that some configuration came past, and how many
   * there are.
   */
  readonly reached: number;
  readonly events: number;
  /** The operation at whose completion no configuration was left, when not linearizable. */
  readonly stuck: number;
  /** The states that were possible just before. */
  readonly states: readonly number[];
}

/** Layers wider than this are worked through in slices, each to the end before the next. */
const SLICE = 1 << 10;

/** What a state that the model must make costs, in steps. */
const STEPS_OF_STATE = 16;

/** The configurations possible before event `position`, of which those before row `done` were followed up. */
interface Layer {
  readonly position: number;
  readonly set: ConfigurationSet;
  done: number;
}

/**
 * Decides whether the operations are linearizable, by just-in-time linearization (Lowe 2017, "Testing for
 * linearizability"). It goes through the events in order with the set of configurations that are possible; an
 * operation is linearized only when some completion needs it. What keeps the sets small:
 * - an observer is taken as soon as the state fits it, since it changes nothing;
 * - of open operations with the same effect the one with the earliest deadline is taken, optional ones last;
 * - a write that nobody needs to see fits right before any overwrite during it, so it is settled by the
 *   first;
 * - dominated configurations are dropped (see `ConfigurationSet`).
 * Memory is the width of a layer, not the length of the history. Layers too wide are cut in slices, so that a
 * history that is right needs not all of them.
 */
export class Search {
  private readonly problem: SearchProblem;
  private readonly layout: Layout;
  private readonly open: OpenOperations;
  private readonly budget: Budget;
  private readonly lookahead: Lookahead | undefined;
  /** The layers with configurations still to follow up, deepest last. */
  private readonly layers: Layer[] = [];
  /** Sets of layers that were cut in slices, kept for what they dominate. */
  private readonly sliced = new Map<number, Layer>();
  /** Configurations of the layer at hand in which the completing operation isn't done yet. */
  private readonly waiting: ConfigurationSet;
  private target: ConfigurationSet;
  private spare: ConfigurationSet[] = [];
  private readonly config: Int32Array;
  /** By state, which open observers fit it; good until an observer is invoked or completes. */
  private readonly fitting = new Map<number, Int32Array>();
  private steps = 0;
  private reached = 0;
  private stuck = -1;
  private lastStates: number[] = [];
  /** Number of states paid for. */
  private states: number;

  constructor(problem: SearchProblem, budget: Budget) {
    this.problem = problem;
    this.layout = layoutOf(problem);
    this.open = new OpenOperations(problem, this.layout);
    this.budget = budget;
    this.lookahead = problem.automaton.rulesOut && new Lookahead(problem, this.layout, this.open);
    this.states = problem.automaton.size;
    this.waiting = new ConfigurationSet(this.layout);
    this.target = new ConfigurationSet(this.layout);
    this.config = new Int32Array(this.layout.stride);
    this.config[STATE] = problem.automaton.initial;
    const first = new ConfigurationSet(this.layout);
    first.add(this.config);
    this.layers.push({ position: 0, set: first, done: 0 });
  }

  run(): SearchOutcome {
    let verdict: SearchOutcome['verdict'] | undefined;
    while (verdict === undefined) verdict = this.advance();
    const { steps, stuck, lastStates } = this;
    const reached = this.eventsBefore(this.reached);
    const events = this.eventsBefore(this.layout.events.length);
    return { verdict, steps, reached, events, stuck, states: lastStates };
  }

  /** Events of the history before that place: several events of the search may stand for one of them. */
  private eventsBefore(position: number): number {
    const { call, ret } = this.problem;
    const times = this.layout.events.subarray(0, position);
    return new Set(Array.from(times, (event) => (event >= 0 ? call[event]! : ret[~event]!))).size;
  }

  /** Follows up a slice of the deepest layer, up to and over the next completion. */
  private advance(): SearchOutcome['verdict'] | undefined {
    const layer = this.layers.at(-1);
    if (layer === undefined) return 'not-linearizable';
    const completion = this.nextCompletion(layer.position);
    if (completion === this.layout.events.length) return 'linearizable';
    const op = ~this.layout.events[completion]!;
    this.open.moveTo(completion);
    this.fitting.clear();
    this.lookahead?.prepare(this.problem.ret[op]!);
    const next = this.sliced.get(completion + 1) ?? {
      position: completion + 1,
      set: this.freshSet(),
      done: 0,
    };
    this.target = next.set;
    this.followUp(layer, op);
    if (layer.done === layer.set.rows) this.leave(layer);
    if (next.done < next.set.rows) this.layers.push(next);
    if (next.set.size > 0 && completion + 1 > this.reached) {
      this.reached = completion + 1;
    } else if (completion >= this.reached) {
      this.stuck = op;
      this.lastStates = this.waiting.states();
    }
    if (this.steps > this.budget.steps) return 'steps';
    return this.isFull() ? 'bytes' : undefined;
  }

  /** A new state costs as much as many steps do. */
  private chargeStates(): void {
    const { size } = this.problem.automaton;
    this.steps += (size - this.states) * STEPS_OF_STATE;
    this.states = size;
  }

  private nextCompletion(position: number): number {
    const { events } = this.layout;
    let at = position;
    while (at < events.length && events[at]! >= 0) at++;
    return at;
  }

  private freshSet(): ConfigurationSet {
    const set = this.spare.pop() ?? new ConfigurationSet(this.layout);
    set.clear();
    return set;
  }

  private leave(layer: Layer): void {
    this.layers.splice(this.layers.indexOf(layer), 1);
    if (!this.sliced.has(layer.position)) this.spare.push(layer.set);
  }

  /** Whether memory runs out, even after giving up what is only kept to save work. */
  private isFull(): boolean {
    if (this.bytes() <= this.budget.bytes) return false;
    for (const [position, { set, done }] of this.sliced) if (done === set.rows) this.sliced.delete(position);
    return this.bytes() > this.budget.bytes;
  }

  private bytes(): number {
    let bytes = this.waiting.bytes + this.target.bytes + this.problem.automaton.bytes;
    for (const { set } of this.sliced.values()) bytes += set.bytes;
    return bytes;
  }

  /** Fills `target` with what may come of a slice of the layer once `op` has completed. */
  private followUp(layer: Layer, op: number): void {
    const { waiting, config } = this;
    const { stride } = this.layout;
    const end = Math.min(layer.done + SLICE, layer.set.rows);
    if (end < layer.set.rows) this.sliced.set(layer.position, layer);
    waiting.clear();
    for (; layer.done < end; layer.done++) {
      if (!layer.set.isAlive(layer.done)) continue;
      copyRow(layer.set.words, layer.done * stride, config);
      this.observe();
      this.sort(op);
    }
    for (let row = 0; row < waiting.rows; row++) {
      if (waiting.isAlive(row)) this.branch(op, row);
      this.chargeStates();
      if (this.steps > this.budget.steps || ((row & 1023) === 1023 && this.isFull())) return;
    }
  }

  /** Takes the configuration at hand over an instant; it waits too if something else could come before that makes a difference. */
  private goOver(op: number): void {
    const { config, target, waiting } = this;
    const { kind, effect, automaton } = this.problem;
    const before = config[STATE]!;
    const after = automaton.step(kind[op]!, before);
    if (after !== before && effect[kind[op]!] === LATE && this.missesSomething()) waiting.add(config);
    config[STATE] = after;
    target.add(config);
  }

  /** Whether an open observer has not fitted yet in the configuration at hand. */
  private missesSomething(): boolean {
    const { word, bit } = this.layout;
    return this.open.observers.some((op) => (this.config[word[op]!]! & bit[op]!) === 0);
  }

  /** Passes the configuration at hand on if `op` is done in it, else lets it wait. */
  private sort(op: number): void {
    const { word, bit, role } = this.layout;
    if (role[op] === INSTANT) {
      this.goOver(op);
      return;
    }
    const done = (this.config[word[op]!]! & bit[op]!) !== 0;
    const dispensable = role[op] === OPTIONAL || (role[op] === ABSORBABLE && op < this.config[BOUNDARY]!);
    // What need not be seen has its last chance now to be seen after all, so it also waits.
    if (this.lookahead?.isHopeless(this.config)) return;
    if (!done) this.waiting.add(this.config);
    if (done || dispensable) this.pass(op);
  }

  /** Puts the configuration at hand, with the bit of `op` free again, into the next layer. */
  private pass(op: number): void {
    const { config, layout } = this;
    config[layout.word[op]!]! &= ~layout.bit[op]!;
    // Between two open overwrites it makes no difference where the last overwrite was.
    const { absorbables } = this.open;
    let last = absorbables.length - 1;
    while (last >= 0 && (absorbables[last]! >= config[BOUNDARY]! || absorbables[last] === op)) last--;
    config[BOUNDARY] = last < 0 ? 0 : absorbables[last]! + 1;
    this.target.add(config);
  }

  /** Linearizes one more operation in a waiting configuration, each that can come next. */
  private branch(op: number, row: number): void {
    const { word, bit, role, stride } = this.layout;
    const { waiting, config } = this;
    const { effect, automaton } = this.problem;
    const base = row * stride;
    const before = waiting.words[base + STATE]!;
    for (const [kind, list] of this.open.mutators) {
      this.steps++;
      const after = automaton.step(kind, before);
      if (after === IMPOSSIBLE) continue;
      const p = list.find((candidate) => (waiting.words[base + word[candidate]!]! & bit[candidate]!) === 0);
      if (p === undefined) continue;
      if (role[p] === OPTIONAL && after === before && effect[kind] !== OVERWRITE) continue;
      copyRow(waiting.words, base, config);
      this.apply(p, after);
      this.sort(op);
      if (!waiting.isAlive(row)) return;
    }
  }

  private apply(op: number, state: number): void {
    const { config, layout } = this;
    config[STATE] = state;
    config[layout.word[op]!]! |= layout.bit[op]!;
    if (this.problem.effect[this.problem.kind[op]!] === OVERWRITE) config[BOUNDARY] = this.open.invoked;
    this.observe();
  }

  /** Marks the open observers that fit the state of the configuration at hand. */
  private observe(): void {
    const { observers, used } = this.layout;
    if (observers === used) return;
    const { config } = this;
    const state = config[STATE]!;
    let fits = this.fitting.get(state);
    if (fits === undefined) {
      fits = this.observersFitting(state);
      this.fitting.set(state, fits);
    }
    for (let w = observers; w < used; w++) config[w]! |= fits[w - observers]!;
  }

  private observersFitting(state: number): Int32Array {
    const { observers, used, word, bit } = this.layout;
    const { kind, automaton } = this.problem;
    const fits = new Int32Array(used - observers);
    for (const op of this.open.observers) {
      if (automaton.step(kind[op]!, state) !== IMPOSSIBLE) fits[word[op]! - observers]! |= bit[op]!;
    }
    return fits;
  }
}

function copyRow(words: Int32Array, base: number, into: Int32Array): void {
  for (let w = 0; w < into.length; w++) into[w] = words[base + w]!;
}
