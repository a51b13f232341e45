import type { NodeId } from '../../../../faults/fault.ts';
import type { Nanos } from '../../../../world/nanos.ts';
import type { PaxosNode } from './node.ts';

/**
 * Leases (Gray and Cheriton 1989; Chandra, Griesemer and Redstone, Paxos Made Live, 2007, §5.2): whoever hears a leader
 * helps no other to lead for a while, counted from the hearing; the leader counts from the sending, so its lease is
 * over first, provided that clocks run equally fast. Times are of one node's clock each and are never compared.
 */
export function leaseClock({ context, bugs }: PaxosNode): Nanos {
  // Elapsed time is the monotonic clock's to tell: a wall clock that is set makes a lease last as long as the jump.
  return bugs.has('lease-by-wall-clock') ? context.wallClock() : context.monotonic();
}

/** From now on, for a while, this node helps only `holder` to lead. */
export function grantLease(node: PaxosNode, holder: NodeId): void {
  node.lease = { holder, until: leaseClock(node) + node.settings.lease };
}

/** A restarted node doesn't know what it granted before; it has run out once a whole lease has passed. */
export function awaitOldLeases(node: PaxosNode): void {
  grantLease(node, '');
}

/** Whether the node must not help `candidate` to lead now. */
export function helpsAnother(node: PaxosNode, candidate: NodeId): boolean {
  return node.lease.holder !== candidate && leaseClock(node) < node.lease.until;
}

/** Whether a majority has heard this leader so recently that none of them helps another to lead yet. */
export function holdsLease(node: PaxosNode): boolean {
  const { settings, leadership, majority } = node;
  const sent = [...leadership!.heard.values()].sort((a, b) => b - a);
  // Itself it hears at any time.
  const since = majority === 1 ? leaseClock(node) : (sent[majority - 2] ?? Number.NEGATIVE_INFINITY);
  const margin = Math.ceil((settings.lease * 2 * settings.drift) / 1e6);
  return leaseClock(node) < since + settings.lease - margin;
}
