import { identity } from '../../identity.ts';
import type { AnyModel, ModelOperation } from '../model.ts';
import { type Automaton, IMPOSSIBLE } from './problem.ts';
import { roughSize } from './size.ts';

const UNKNOWN = -2;
/** Up to this many classes, the steps from a state are kept in an array. */
const MAX_ROW = 1024;
/** Of a state's entries in the tables. */
const STATE_BYTES = 200;

/** Numbers the states of a model as they appear, and remembers its steps. */
export class StateTable implements Automaton {
  readonly initial: number;
  readonly states: unknown[] = [];
  bytes = 0;
  readonly rulesOut: ((operation: number, state: number) => boolean) | undefined;
  private readonly model: AnyModel;
  private readonly operations: readonly ModelOperation[];
  private readonly byHash = new Map<unknown, number[]>();
  private readonly rows: (Int32Array | Map<number, number>)[] = [];

  /** `operations` has one operation of each class. */
  constructor(model: AnyModel, operations: readonly ModelOperation[]) {
    this.model = model;
    this.operations = operations;
    const { rulesOut } = model;
    this.rulesOut = rulesOut && ((operation, state) => rulesOut(this.states[state], operations[operation]!));
    this.initial = this.id(model.init());
  }

  get size(): number {
    return this.states.length;
  }

  step(operation: number, state: number): number {
    const row = this.rows[state]!;
    const known = row instanceof Int32Array ? row[operation]! : (row.get(operation) ?? UNKNOWN);
    if (known !== UNKNOWN) return known;
    const after = this.model.step(this.states[state], this.operations[operation]!);
    const id = after === undefined ? IMPOSSIBLE : this.id(after);
    if (row instanceof Int32Array) row[operation] = id;
    else row.set(operation, id);
    return id;
  }

  private id(state: unknown): number {
    const hash = this.model.hash === undefined ? identity(state) : this.model.hash(state);
    const same = this.byHash.get(hash);
    const known = same?.find((id) => this.model.equal(this.states[id], state));
    if (known !== undefined) return known;
    const id = this.states.length;
    this.states.push(state);
    const classes = this.operations.length;
    this.rows.push(classes <= MAX_ROW ? new Int32Array(classes).fill(UNKNOWN) : new Map());
    this.bytes += roughSize(state) + (classes <= MAX_ROW ? classes * 4 : 0) + STATE_BYTES;
    if (same === undefined) this.byHash.set(hash, [id]);
    else same.push(id);
    return id;
  }
}
