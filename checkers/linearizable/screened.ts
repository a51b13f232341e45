import type { Anomaly } from '../checker.ts';
import type { SearchTask } from './search/schedule.ts';

/** What quick methods made of the objects of a history, before any search. */
export interface Screened {
  readonly anomalies: readonly Anomaly[];
  /** How many more objects are broken, beyond those anomalies. */
  readonly untold: number;
  /** What they couldn't decide. */
  readonly tasks: readonly SearchTask[];
  /** Why a pass may mean little. */
  readonly vacuous: readonly string[];
  /** What else to tell about objects in which anomalies were found. */
  details?(anomalies: readonly Anomaly[]): Readonly<Record<string, unknown>>;
}
