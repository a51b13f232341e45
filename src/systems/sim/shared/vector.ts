import type { NodeId } from '../../../faults/fault.ts';

/** Of each node, how many of its writes: a version vector (Parker et al. 1983). Nodes that are left out have none. */
export type Vector = Readonly<Record<NodeId, number>>;

export const NOTHING: Vector = {};

/** Whether `a` has all that `b` has. */
export function covers(a: Vector, b: Vector): boolean {
  return Object.entries(b).every(([node, count]) => (a[node] ?? 0) >= count);
}

/** What either has. */
export function merge(a: Vector, b: Vector): Vector {
  const out: Record<NodeId, number> = { ...a };
  for (const [node, count] of Object.entries(b)) out[node] = Math.max(out[node] ?? 0, count);
  return out;
}
