import type { Validity } from '../../checkers/checker.ts';
import type { Outcome } from '../spec/outcome.ts';
import type { TestSpec } from '../spec/test-spec.ts';
import type { Seed } from '../world/random.ts';
import type { Seen } from './explore/seen.ts';

/** Some runs of a cell, which one thread of one machine performs one after another. Plain JSON data. */
export interface Chunk {
  /** The cell's id. */
  readonly cell: string;
  /** Its own seed doesn't matter. */
  readonly spec: TestSpec;
  readonly seeds: readonly Seed[];
  /** Whether to leave out the seeds after the first that isn't valid. */
  readonly untilInvalid: boolean;
  /** Of a test that is explored: which of its runs this one is, from 1 on. */
  readonly trial?: number | undefined;
}

/** What a campaign remembers of every run: a line of its index. */
export interface RunLine {
  /** The cell's id; with the seed it says which run this is, or with the trial where there is one. */
  readonly cell: string;
  readonly seed: Seed;
  readonly trial?: number | undefined;
  readonly valid: Validity | 'crashed';
  /** Absent where the run crashed, like the counts. */
  readonly fingerprint?: string | undefined;
  readonly operations: number;
  readonly faults: number;
  /** Of the simulator: what a replay costs. */
  readonly events: number;
  /** Virtual time. */
  readonly nanos: number;
  /** What is wrong with a run that is not valid: kinds of anomaly, why it is unknown, the error. */
  readonly kinds?: readonly string[] | undefined;
  /** Why a pass proves little. */
  readonly doubts?: readonly string[] | undefined;
  /** Its id in the store, where it was kept whole. */
  readonly run?: string | undefined;
  /** What was seen in a trial, as far as it can still lead to others. */
  readonly seen?: Seen | undefined;
}

/** A run on its way back to the campaign that asked for it. Plain JSON data. */
export interface RunReport {
  readonly line: RunLine;
  /** Everything about a run that is not valid. */
  readonly whole?: WholeRun | undefined;
  /** Real time that it took, ms. */
  readonly took: number;
}

export interface WholeRun {
  readonly outcome: Outcome;
  /** JSON Lines. */
  readonly history: string;
}

/** Where chunks are performed: here, or on other machines. */
export interface Executor {
  /** Threads that perform chunks, in words: `2 cores`. */
  readonly where: string;
  /** Chunks that may be under way at once. */
  capacity(): number;
  /** Performs a chunk; gives fewer reports than seeds when it is stopped. */
  perform(chunk: Chunk): Promise<readonly RunReport[]>;
  /** Ends everything under way. */
  stop(): Promise<void>;
  close(): Promise<void>;
}
