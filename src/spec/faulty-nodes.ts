import type { NodeId } from '../faults/fault.ts';
import type { RandomStream } from '../world/random.ts';
import type { SystemModel } from '../world/system-model.ts';

/** Which nodes may go wrong in a run. */
export interface FaultyNodes {
  /** Those that may die, stop, or lose their disk or the time. */
  readonly mayFail: readonly NodeId[];
  readonly mayLie: readonly NodeId[];
}

/**
 * Draws them. In a byzantine model a node that dies is one of those that may lie, and a system bears so many of them and
 * no more. Of a system that says nothing about lies less than a third may lie, which is the most that any could bear
 * without signatures (Pease, Shostak and Lamport 1980), but at least one: so much its tester asked for.
 */
export function faultyNodes(
  nodes: readonly NodeId[],
  { bears, model }: { readonly bears: number | undefined; readonly model: SystemModel },
  random: RandomStream,
): FaultyNodes {
  if (model.nodes !== 'byzantine') return { mayFail: nodes, mayLie: [] };
  const few = random.shuffle(nodes).slice(0, bears ?? Math.max(1, Math.floor((nodes.length - 1) / 3)));
  return { mayFail: bears === undefined ? nodes : few, mayLie: few };
}
