import { identity } from './identity.ts';
import { groupBy, type Operation } from './operations.ts';

/** `to` was written by the process that had just learnt of `from` on the same node, by the operation `via`. */
export interface CausalStep {
  readonly from: Operation;
  /** A read that returned what `from` wrote, or `from` itself. */
  readonly via: Operation;
  readonly to: Operation;
}

/** What an update writes. */
export function written(op: Operation): unknown {
  return op.f === 'cas' && Array.isArray(op.argument) ? op.argument[1] : op.argument;
}

/**
 * The shortest chain of causal steps from the write `start` to an acknowledged write, or undefined when there is none.
 * `ops` are the operations on one register; a read tells only of a value that was written once. A step needs one process
 * that stays with one node: there any replica, however lazy, has seen the first write when it takes the second. So a store
 * in which the write at the beginning of such a chain wins over the one at its end has lost an acknowledged update.
 */
export function overwrittenBy(start: Operation, ops: readonly Operation[]): CausalStep[] | undefined {
  const sessions = sessionsOf(ops);
  const reads = readsByValue(ops);
  const writes = groupBy(
    ops.filter((op) => op.f !== 'read' && op.outcome !== 'fail'),
    (op) => identity(written(op)),
  );
  const reached = new Map<Operation, CausalStep | undefined>([[start, undefined]]);
  for (const from of reached.keys()) {
    const id = identity(written(from));
    const readers = writes.get(id)!.length === 1 ? (reads.get(id) ?? []) : [];
    for (const via of from.outcome === 'ok' ? [from, ...readers] : readers) {
      const session = sessions.get(sessionOf(via));
      if (session === undefined) continue;
      for (const to of cutAfter(session, via)) {
        if (to.f === 'read' || to.outcome === 'fail' || reached.has(to)) continue;
        reached.set(to, { from, via, to });
        if (to.outcome === 'ok') return chainTo(to, reached);
      }
    }
  }
  return undefined;
}

/** Takes away what follows `op` in its session; whatever followed an earlier operation is gone, as it was reached then. */
function cutAfter(session: Operation[], op: Operation): Operation[] {
  const later: Operation[] = [];
  while (session.length > 0 && session[session.length - 1]!.begin > op.begin) later.push(session.pop()!);
  return later.reverse();
}

function chainTo(end: Operation, reached: ReadonlyMap<Operation, CausalStep | undefined>): CausalStep[] {
  const chain: CausalStep[] = [];
  for (let step = reached.get(end); step !== undefined; step = reached.get(step.from)) chain.unshift(step);
  return chain;
}

function sessionOf(op: Operation): string {
  return `${op.process} ${op.node}`;
}

/** Operations of each process on each node, in order; those of unknown node left out. */
function sessionsOf(ops: readonly Operation[]): Map<string, Operation[]> {
  const sessions = new Map<string, Operation[]>();
  for (const op of ops) {
    if (op.node === undefined) continue;
    const session = sessions.get(sessionOf(op));
    if (session === undefined) sessions.set(sessionOf(op), [op]);
    else session.push(op);
  }
  return sessions;
}

function readsByValue(ops: readonly Operation[]): Map<unknown, Operation[]> {
  const reads = new Map<unknown, Operation[]>();
  for (const op of ops) {
    if (op.f !== 'read' || op.outcome !== 'ok') continue;
    const id = identity(op.result);
    // Nothing there: deleted, or not yet written.
    if (id === null) continue;
    const same = reads.get(id);
    if (same === undefined) reads.set(id, [op]);
    else same.push(op);
  }
  return reads;
}
