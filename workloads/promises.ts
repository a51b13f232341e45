import type { Checker } from '../checkers/checker.ts';
import { AT_ONCE, apart, type Deadline } from '../checkers/deadline.ts';
import type { ConsistencyModel } from '../checkers/transactions/models.ts';
import type { LivenessProperty } from '../src/world/liveness.ts';
import type { Guarantee } from '../src/world/system.ts';
import type { WorkloadOptions } from './workload.ts';

/** Whether single operations must look as if they took effect one by one, each between its call and its answer. */
export function promisesLinearizability(guarantees: readonly Guarantee[]): boolean {
  return guarantees.includes('linearizable') || guarantees.includes('strict-serializable');
}

/** The models of transactions that a system can promise, the strongest first. */
const MODELS = ['serializable', 'repeatable-read', 'snapshot-isolation', 'causal', 'read-committed'] as const;

/** The strongest model of transactions that is promised; where none is, the weakest that there is. */
export function promisedModel(guarantees: readonly Guarantee[]): ConsistencyModel {
  if (promisesLinearizability(guarantees)) return 'strict-serializable';
  return MODELS.find((model) => guarantees.includes(model)) ?? 'read-uncommitted';
}

/** Whether a transaction sees every other one whole or not at all, and changes nothing that it hasn't seen. */
export function promisesSnapshots(guarantees: readonly Guarantee[]): boolean {
  return !['causal', 'read-committed', 'read-uncommitted'].includes(promisedModel(guarantees));
}

/** The bound of a promise; undefined where it is not given. */
export function deadlineFor(
  { inTime }: Pick<WorkloadOptions, 'inTime'>,
  property: LivenessProperty,
): Deadline | undefined {
  return inTime.find((promised) => promised.property === property);
}

/**
 * A checker of both safety and liveness as two, by the bound of a promise. Where that is not given, what is read in the end
 * is what there will ever be.
 */
export function judgedInTime(
  options: Pick<WorkloadOptions, 'inTime'>,
  property: LivenessProperty,
  checkerBy: (deadline: Deadline) => Checker,
): readonly Checker[] {
  const deadline = deadlineFor(options, property) ?? AT_ONCE;
  return apart(checkerBy(deadline), property, deadline);
}
