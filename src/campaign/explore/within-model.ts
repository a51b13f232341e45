import type { NodeId } from '../../faults/fault.ts';
import type { TestSpec } from '../../spec/test-spec.ts';
import type { Nanos } from '../../world/nanos.ts';
import type { Episode } from './episodes.ts';

/**
 * The episodes that keep within a model when each of them alone does: no more than a minority may die for ever, and
 * where the error of clocks is bounded, errors of one clock may not add up.
 */
export function withinModel(episodes: readonly Episode[], { nodes, model }: TestSpec): Episode[] {
  const dead = new Set<NodeId>();
  const mayDie = Math.floor((nodes - 1) / 2);
  const wrongUntil = new Map<NodeId, Nanos>();
  return [...episodes]
    .sort(([a], [b]) => a.at - b.at)
    .filter(([fault, repair]) => {
      if (fault.kind === 'process/kill' && fault.forever) {
        if (dead.has(fault.node) || dead.size === mayDie) return false;
        dead.add(fault.node);
      }
      if (model.clockError !== undefined && fault.kind.startsWith('clock/') && 'node' in fault) {
        if (fault.at <= (wrongUntil.get(fault.node) ?? -1)) return false;
        wrongUntil.set(fault.node, repair?.at ?? Number.POSITIVE_INFINITY);
      }
      return true;
    });
}
