import type { Checker } from '../checkers/checker.ts';
import { strongEventual } from '../checkers/strong-eventual.ts';
import type { Key } from '../histories/op.ts';
import type { Parameter } from '../src/world/parameters.ts';
import { judgedInTime } from './promises.ts';
import type { WorkloadOptions } from './workload.ts';

/** How often clients of a replicated data type look. */
export const READS = {
  type: 'probability',
  default: 0.25,
  about: 'share of reads among the operations',
} as const satisfies Parameter;

/** `x0`, `x1` ... */
export function keysOf(count: number): Key[] {
  return Array.from({ length: count }, (_, i) => `x${i}`);
}

/** Strong eventual consistency: replicas with the same updates are alike, and every update reaches each in time. */
export function strongEventually(options: WorkloadOptions): readonly Checker[] {
  return judgedInTime(options, 'delivery', strongEventual);
}
