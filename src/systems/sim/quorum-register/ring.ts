import type { NodeId } from '../../../faults/fault.ts';

/**
 * The nodes on a ring, from the place where the key falls: a key's replicas are the first few of them (its preference
 * list; DeCandia et al. 2007, §4.2 and 4.3).
 */
export function ringFrom(nodes: readonly NodeId[], key: string): NodeId[] {
  let hash = 0;
  for (let i = 0; i < key.length; i++) hash = (hash * 31 + key.charCodeAt(i)) >>> 0;
  const start = hash % nodes.length;
  return [...nodes.slice(start), ...nodes.slice(0, start)];
}
