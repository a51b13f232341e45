import type { Constraint, Order } from './view-constraints.ts';

/** `from` must come before `to` in the session's view: `read` returned the value of `to` when `from` had been applied. */
export interface ViewStep extends Applied {
  readonly from: number;
  readonly to: number;
  readonly read: number;
}

/** Why something had to be applied before a read. */
export interface Applied {
  /** The first read of the session that shows it, by its value or what came after it; undefined if none alone does. */
  readonly shownBy: number | undefined;
  /** Otherwise these, of which each makes the one before matter. */
  readonly because: readonly ViewStep[];
}

/** More constraints than this are not searched for an explanation. */
const MAX_SEARCHED = 5000;

/** Whether `a` comes before `b`, or is `b`. */
export function covers(order: Order, b: number, a: number): boolean {
  const { session, start } = order.sessions;
  const s = session[a]!;
  return order.known(b, s) > a - start[s]!;
}

/** Explains that `op` had to be applied before `read`, one of `reads`; the `constraints` are those of later reads. */
export function whyApplied(
  order: Order,
  constraints: readonly Constraint[],
  reads: Int32Array,
  op: number,
  read: number,
): Applied {
  if (covers(order, read, op)) return { shownBy: firstShowing(order, reads, op), because: [] };
  const chain = shortestChain(order, constraints.length > MAX_SEARCHED ? [] : constraints, op, read);
  return {
    shownBy: undefined,
    because: chain.map((link) => stepOf(order, constraints, reads, link.constraint, link.from)),
  };
}

/** The constraint as a step, with the reason why `from` counts. */
export function stepOf(
  order: Order,
  constraints: readonly Constraint[],
  reads: Int32Array,
  constraint: Constraint,
  from: number,
): ViewStep {
  const { write, read, at } = constraint;
  const later = constraints.filter((other) => other.at > at);
  return { from, to: write, read, ...whyApplied(order, later, reads, from, read) };
}

interface Link {
  readonly constraint: Constraint;
  /** What the constraint puts before its write: it is, or follows, the write of the link before. */
  readonly from: number;
  readonly before: Link | undefined;
}

/** Constraints that lead from `op` to something that the order alone puts before `read` (breadth-first). */
function shortestChain(order: Order, constraints: readonly Constraint[], op: number, read: number): Link[] {
  const left = new Set(constraints);
  let level: (Link | undefined)[] = [undefined];
  while (level.length > 0) {
    const next: Link[] = [];
    for (const before of level) {
      const target = before?.constraint.write ?? op;
      for (const constraint of left) {
        const from = constraint.earlier.find((earlier) => covers(order, earlier, target));
        if (from === undefined) continue;
        const link = { constraint, from, before };
        if (covers(order, read, constraint.write)) return chainTo(link);
        left.delete(constraint);
        next.push(link);
      }
    }
    level = next;
  }
  return [];
}

function chainTo(last: Link): Link[] {
  const chain: Link[] = [];
  for (let link: Link | undefined = last; link !== undefined; link = link.before) chain.unshift(link);
  return chain;
}

function firstShowing(order: Order, reads: Int32Array, op: number): number | undefined {
  let low = 0;
  let high = reads.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (covers(order, reads[middle]!, op)) high = middle;
    else low = middle + 1;
  }
  return reads[low];
}
