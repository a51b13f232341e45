import type { Validity, Verdict } from '../../checkers/checker.ts';
import type { Nanos } from '../world/nanos.ts';
import type { TestSpec } from './test-spec.ts';

/** The kinds of anomaly that were found, each once, in the order of the verdicts. */
export function anomalyKinds({ verdicts }: { readonly verdicts: readonly Verdict[] }): string[] {
  return [...new Set(verdicts.flatMap(({ anomalies }) => anomalies.map(({ kind }) => kind)))];
}

/** Why these verdicts prove little, each reason once; empty where the checkers had all that they need. */
export function doubtsOf({ verdicts }: { readonly verdicts: readonly Verdict[] }): string[] {
  return [...new Set(verdicts.flatMap(({ vacuous }) => vacuous))];
}

/** Where a run ended that was to go on only until a violation. */
export interface EarlyEnd {
  /** The checker that found the violation. */
  readonly checker: string;
  /** Index of the event at which it did, and when that was. */
  readonly event: number;
  readonly time: Nanos;
}

/** What came of a run, but for its history. Plain data. */
export interface Outcome {
  readonly spec: TestSpec;
  /** All verdicts together: invalid beats unknown beats valid. */
  readonly valid: Validity;
  readonly verdicts: readonly Verdict[];
  /** Parts of the model that the nemeses could break though the system relies on them; empty: within its model. */
  readonly beyond: readonly string[];
  /** The violation that ended the run before its time. */
  readonly endedBy?: EarlyEnd | undefined;
  /** A hash over the history. */
  readonly fingerprint: string;
  /** How much happened: events, messages ... */
  readonly counts: Readonly<Record<string, number>>;
}
