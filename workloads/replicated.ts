import type { Key } from '../histories/op.ts';
import type { Parameter } from '../src/world/parameters.ts';

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
