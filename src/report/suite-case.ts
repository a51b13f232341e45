/**
 * `passed`: as it should be. `failed`: not as it should be. `refused`: the file says nothing that could be run.
 * `stopped`: the user ended it.
 */
export type CaseState = 'passed' | 'failed' | 'unknown' | 'crashed' | 'refused' | 'stopped';

/** What came of one saved test, for people and for the tools that read reports. */
export interface SuiteCase {
  /** Its spec file, as seen from where Momus was started. */
  readonly file: string;
  readonly state: CaseState;
  /** What was found, in a few words: `stale-read`. */
  readonly found: string;
  /** What is wrong, as one name for all cases in which that is: `stale-read`, `no-longer-fails`; empty when all is well. */
  readonly kind: string;
  /** Why, as a person reads it, without colours; empty when all is well. */
  readonly explanation: string;
  /** Real time that it took, s. */
  readonly seconds: number;
  /** Where in the file a mistake stands. */
  readonly line?: number | undefined;
  readonly column?: number | undefined;
}

/** Tests that ran together. */
export interface Suite {
  readonly name: string;
  readonly cases: readonly SuiteCase[];
}

/** How many cases are in this state. */
export function countOf({ cases }: Suite, state: CaseState): number {
  return cases.filter((one) => one.state === state).length;
}

/** Whether something is not as it should be. */
export function isTrouble({ state }: SuiteCase): boolean {
  return state !== 'passed' && state !== 'stopped';
}
