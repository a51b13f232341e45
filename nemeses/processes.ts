import type { Op } from '../histories/op.ts';
import { faultOfOp, type NodeId } from '../src/faults/fault.ts';

/** Which processes are up, as far as the nemeses' operations in the history tell. */
export interface Processes {
  /** Whether no nemesis has ended the node's process without starting it again since. */
  isUp(node: NodeId): boolean;
  observe(event: Op): void;
}

/** Nemeses that end processes choose among those that are up, so that none starts what another holds down. */
export function trackProcesses(): Processes {
  const down = new Set<NodeId>();
  return {
    isUp: (node) => !down.has(node),
    observe(event) {
      if (event.process !== 'nemesis' || event.type !== 'invoke') return;
      const fault = faultOfOp(event.f, event.value);
      if (fault.kind === 'process/kill' || fault.kind === 'disk/lose-unsynced') down.add(fault.node);
      if (fault.kind === 'process/start') down.delete(fault.node);
    },
  };
}
