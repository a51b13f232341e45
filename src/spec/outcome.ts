import type { Validity, Verdict } from '../../checkers/checker.ts';
import type { TestSpec } from './test-spec.ts';

/** What came of a run, but for its history. Plain data. */
export interface Outcome {
  readonly spec: TestSpec;
  /** All verdicts together: invalid beats unknown beats valid. */
  readonly valid: Validity;
  readonly verdicts: readonly Verdict[];
  /** Parts of the model that the nemeses could break though the system relies on them; empty: within its model. */
  readonly beyond: readonly string[];
  /** A hash over the history. */
  readonly fingerprint: string;
  /** How much happened: events, messages ... */
  readonly counts: Readonly<Record<string, number>>;
}
