import type { Guarantee } from '../src/world/system.ts';

/** Whether single operations must look as if they took effect one by one, each between its call and its answer. */
export function promisesLinearizability(guarantees: readonly Guarantee[]): boolean {
  return guarantees.includes('linearizable') || guarantees.includes('strict-serializable');
}
