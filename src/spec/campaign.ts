import type { Nanos } from '../world/nanos.ts';
import type { ResolvedSpec } from './resolve.ts';
import type { SeedPlan } from './seed-plan.ts';

/** Many tests: what is run under which seeds, when it ends, and what must come of it. */
export interface Campaign {
  readonly name: string;
  readonly cells: readonly Cell[];
  readonly stop: StopRule;
  /** `valid`: no run may fail; `bugs-found`: a run of each cell with a bug must, and no run of another may. */
  readonly expect: 'valid' | 'bugs-found';
}

/** One test of a campaign. */
export interface Cell {
  /** Its seed doesn't matter. */
  readonly resolved: ResolvedSpec;
  readonly seeds: SeedPlan;
  /** Whether what was seen leads to changed schedules of faults; there are as many runs as seeds, some of which come again. */
  readonly explored?: boolean | undefined;
  /** Ends after so many violations; absent: only with its seeds. */
  readonly cellFailures?: number | undefined;
}

/** When a campaign ends before its seeds do: at whatever comes first. */
export interface StopRule {
  /** Violations and crashes. */
  readonly failures?: number | undefined;
  /** Failures that differ in system, bugs or kind of anomaly. */
  readonly distinct?: number | undefined;
  readonly runs?: number | undefined;
  /** Of real time. */
  readonly time?: Nanos | undefined;
}
