import type { Proofs } from '../report/proof.ts';
import type { Outcome } from '../spec/outcome.ts';
import type { TestSpec } from '../spec/test-spec.ts';
import type { Seed } from '../world/random.ts';
import type { Blame } from './describe-error.ts';
import type { Seen } from './explore/seen.ts';

/**
 * Which runs are kept whole: every one, written while it goes on, or only those that aren't valid. `brought`: those that
 * aren't valid come back whole to whoever asked, and nothing is written here.
 */
export type Keep = 'all' | 'failures' | 'brought';

/** One spec under many seeds. */
export interface SeedRuns {
  /** Its own seed doesn't matter. */
  readonly spec: TestSpec;
  readonly seeds: readonly Seed[];
  /** Folder of the store. */
  readonly store: string;
  readonly keep: Keep;
  /** Whether to leave out the seeds after the first that isn't valid. */
  readonly untilInvalid: boolean;
  /** Whether to tell what was seen in each run of the simulator, and by which faults it came about. */
  readonly coverage?: boolean | undefined;
}

/** What a worker thread is asked to do. */
export interface RunTask extends SeedRuns {
  /** Whether to judge in another thread than the runs are performed in: the checkers have brought one down. */
  readonly apart: boolean;
  readonly signs: Int32Array<SharedArrayBuffer>;
}

/** Places in `signs`, memory that a worker and its master share. */
export const RUNS_DONE = 0;
/** Grows as long as the run goes on. */
export const HEARTBEAT = 1;
/** Set by the master: end at the next opportunity. */
export const STOP = 2;
/** Not 0 while a run that is over is being judged. */
export const JUDGING = 3;

export function newSigns(): Int32Array<SharedArrayBuffer> {
  return new Int32Array(new SharedArrayBuffer(4 * Int32Array.BYTES_PER_ELEMENT));
}

/** What came of one run. Plain data. */
export type RunResult = JudgedRun | CrashedRun | StoppedRun;

export interface JudgedRun {
  readonly state: 'judged';
  readonly seed: Seed;
  readonly outcome: Outcome;
  readonly proofs: Proofs;
  /** As JSON Lines, where it was to be brought back. */
  readonly history?: string | undefined;
  /** Where that was asked for and no violation was found. */
  readonly seen?: Seen | undefined;
  /** Real time that it took, ms. */
  readonly took: number;
  /** Its id in the store, if it was kept. */
  readonly run: string | undefined;
  /** Why it was not, though it should have been. */
  readonly notKept: string | undefined;
}

/** Momus, the system or the machine failed, so there is no verdict. */
export interface CrashedRun {
  readonly state: 'crashed';
  readonly seed: Seed;
  readonly error: string;
  readonly blame: Blame;
  /** The run's id in the store, if part of it was kept. */
  readonly run: string | undefined;
}

/** The user ended it before its time. */
export interface StoppedRun {
  readonly state: 'stopped';
  readonly seed: Seed;
  readonly run: string | undefined;
}
