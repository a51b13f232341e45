import type { History } from '../histories/history.ts';
import type { Key, Op } from '../histories/op.ts';

/** `unknown`: the budget ran out, or the checker itself failed. */
export type Validity = true | false | 'unknown';

/** One proof that a history breaks its promise. */
export interface Anomaly {
  /** The field's name for it: `G1c`, `stale-read`, `lost`, `nonlinearizable` ... */
  readonly kind: string;
  /** A sentence or a few for a person who has never read the code. */
  readonly message: string;
  /** Indices of the events that prove it, the fewest that do. */
  readonly ops: readonly number[];
  readonly key?: Key | undefined;
}

/** What a checker found. Plain data. */
export interface Verdict {
  readonly checker: string;
  readonly valid: Validity;
  /** What was judged, where it is not safety. */
  readonly property?: 'liveness' | undefined;
  /** Smallest proof first. */
  readonly anomalies: readonly Anomaly[];
  readonly counts: Readonly<Record<string, number>>;
  /** Why a pass may mean little: no read saw a value, a function never succeeded ... */
  readonly vacuous: readonly string[];
  /** When `unknown`: what stopped the checker, and how far it had come. */
  readonly reason?: string | undefined;
  /** What it measured, in sentences, for a person. */
  readonly notes?: readonly string[] | undefined;
  /** What else it measured, as plain data for reports. */
  readonly details?: Readonly<Record<string, unknown>> | undefined;
}

/** How much a checker may spend. Steps, not seconds, so that `unknown` is reproducible. */
export interface Budget {
  readonly steps: number;
  /** Bytes of memo tables and the like, estimated by the checker. */
  readonly bytes: number;
}

export const DEFAULT_BUDGET: Budget = { steps: 50_000_000, bytes: 1 << 30 };

export interface CheckOptions {
  readonly budget: Budget;
}

/** A pure function of a history. */
export interface Checker {
  readonly name: string;
  readonly about: string;
  check(history: History, options: CheckOptions): Verdict;
  /** Judges a test while it runs. Absent where only a whole history tells, with its final reads. */
  online?(): OnlineChecker;
}

/** Judges a history while it comes into being. */
export interface OnlineChecker {
  /** Takes the next event; an anomaly as soon as one is found, after which no more events are wanted. */
  observe(op: Op): Anomaly | null;
}
