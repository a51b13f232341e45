import type { Key } from '../../histories/op.ts';

/** An operation as a model sees it. */
export interface ModelOperation {
  readonly f: string;
  /** What the invocation carried. */
  readonly argument: unknown;
  /** What the completion carried; undefined when there is none. */
  readonly result: unknown;
  /**
   * `info`: nobody knows the result, so any will do. `fail` only for failures that `refuses` says are
   * answers.
   */
  readonly outcome: 'ok' | 'fail' | 'info';
  readonly process: number;
}

/**
 * What an object does when operations come one at a time; deterministic. States are values that nobody
 * changes. `partition`, `hash`, `effect`, `rulesOut` and `additive` make checking faster and decide nothing.
 */
export interface Model<S> {
  readonly name: string;
  init(): S;
  /** The state after `op` in `state`, or undefined when `op` can't happen there with this result. */
  step(state: S, op: ModelOperation): S | undefined;
  equal(a: S, b: S): boolean;
  /**
   * The part of the object that `op` is about, if parts are independent of each other; undefined: all of it.
   */
  partition?(op: ModelOperation): Key | undefined;
  /** The same for equal states. Without it, the state's JSON. */
  hash?(state: S): string | number;
  /** A state in words. */
  describe?(state: S): string;
  /**
   * `none`: never changes the state. `overwrite`: always possible, and the next state depends on `op` alone.
   */
  effect?(op: ModelOperation): 'none' | 'overwrite' | undefined;
  /**
   * Whether no operations other than overwrites lead from `state` to one in which `op` is possible. May say
   * false.
   */
  rulesOut?(state: S, op: ModelOperation): boolean;
  /**
   * Whether operations add up: each changes the state by an amount of its own, whatever the state, and amounts with equal
   * sums change it alike.
   */
  readonly additive?: boolean | undefined;
  /**
   * Whether a failure with this error is an answer of the object, which the model must allow; else it says
   * nothing.
   */
  refuses?(f: string, error: string | undefined): boolean;
}

/** A model of any state. */
// biome-ignore lint/suspicious/noExplicitAny: each model has its own states, which only itself sees
export type AnyModel = Model<any>;
