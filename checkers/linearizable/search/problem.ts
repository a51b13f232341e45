/** What an operation does to the state, whatever the state. */
export const ANY = 0;
/** Never changes it. */
export const NONE = 1;
/** Is possible in every state, and the next state depends on the operation alone. */
export const OVERWRITE = 2;
/** Not an operation: happens at its moment in every state, and forbids nothing that was possible before it. */
export const GIVEN = 3;
/** The same, but what an observer could have seen before it may be over. */
export const LATE = 4;

/** Says that an operation can't happen in a state. */
export const IMPOSSIBLE = -1;

/** Operations of one kind: they do the same in every state. */
export interface Automaton {
  /** Number of the first state; states are whole numbers from 0. */
  readonly initial: number;
  /** Number of states that have appeared so far, and the memory they take, in bytes. */
  readonly size: number;
  readonly bytes: number;
  /** The state after an operation of class `operation` in `state`, or `IMPOSSIBLE`. */
  step(operation: number, state: number): number;
  /** Whether nothing but an overwrite can make an operation of this class possible again; may say false. */
  readonly rulesOut?: ((operation: number, state: number) => boolean) | undefined;
}

/** The operations on one object, as numbers, in the order of their invocations. */
export interface SearchProblem {
  readonly count: number;
  /** Times of invocation; all times are distinct. */
  readonly call: Int32Array;
  /** Times of completion; `NEVER` when pending. */
  readonly ret: Int32Array;
  /** Class of each operation. */
  readonly kind: Int32Array;
  /** 1 if the operation may as well have had no effect. */
  readonly optional: Uint8Array;
  /** Of each class: `ANY`, `NONE`, `OVERWRITE`, `GIVEN` or `LATE`. */
  readonly effect: Uint8Array;
  readonly automaton: Automaton;
  /** What is optional stays possible for ever and adds up (`Model.additive`). */
  readonly additive?: boolean | undefined;
  /** The operations before time `cut`, of which all but these may have had no effect; where it is not what it is for all. */
  readonly relaxed?: ((mandatory: readonly number[], cut: number) => SearchProblem) | undefined;
}
