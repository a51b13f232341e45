import type { Checker } from '../checkers/checker.ts';
import type { Generator, Planned } from '../src/generator/generator.ts';
import type { Promised } from '../src/world/liveness.ts';
import type { AnyParameterValues, Parameters } from '../src/world/parameters.ts';
import type { Guarantee } from '../src/world/system.ts';

export interface WorkloadOptions {
  readonly nodes: readonly string[];
  readonly concurrency: number;
  /** The functions that the system serves in this workload. */
  readonly functions: readonly string[];
  /** What the system promises for safety. */
  readonly guarantees: readonly Guarantee[];
  /** What it promises for liveness, each with its bound. */
  readonly inTime: readonly Promised[];
  readonly parameters: AnyParameterValues;
}

/** What clients do, and which checkers judge it. */
export interface Workload {
  readonly name: string;
  readonly about: string;
  readonly parameters: Parameters;
  /** Operations without end, one after another as fast as they are pulled: the caller sets the pace and the end. */
  generator(options: WorkloadOptions): Generator;
  /** What becomes of an operation that clients go on with after the healing, where it would cover up what faults have done. */
  afterHealing?(options: WorkloadOptions): ((operation: Planned) => Planned) | undefined;
  /** Final reads, once everything is healed and settled. */
  finale(options: WorkloadOptions): Generator;
  checkers(options: WorkloadOptions): readonly Checker[];
}
