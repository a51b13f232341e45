import type { Chains } from './chains.ts';
import { FAILED_CAS, type RegisterOperations } from './encode.ts';
import { WitnessOrder } from './witness.ts';
import type { Zones } from './zones.ts';

/** A failed compare-and-set that found another value than expected, though there was no instant for that. */
export interface Covered {
  readonly kind: 'covered';
  /** The one without an instant first, then those, if any, that it had to come after. */
  readonly failed: readonly number[];
  /** Over before it began, and shows that the value was there already; -1: it was there from the start. */
  readonly before: number;
  /**
   * Began after it was over, and shows that the value was still there; -1: nothing else could be there by
   * then.
   */
  readonly after: number;
}

interface Placed {
  readonly op: number;
  /** Place in the witness order of the cluster during which it takes effect, the lowest that it may. */
  readonly place: number;
  /** What it had to come after, or undefined where other operations bound it. */
  readonly pushedBy: Placed | undefined;
  /** Of all up to this one, the one with the highest place. */
  highest: Placed;
}

/**
 * Finds an instant for every failed compare-and-set; needs zones without contradictions. `unsure` when some
 * have none in the order that was tried, and might have one in another.
 *
 * One that expected x needs only an instant at which the value isn't x. In a fixed order of the clusters,
 * taking for each the lowest place, in the order of their completions, decides. Orders differ only in how
 * chains follow each other, so for those inside a forward zone that contains x the answer holds for all
 * orders.
 */
export function placeFailedCas(
  ops: RegisterOperations,
  chains: Chains,
  zones: Zones,
): Covered | 'unsure' | undefined {
  const failed: number[] = [];
  for (let op = 0; op < ops.kind.length; op++) if (ops.kind[op] === FAILED_CAS) failed.push(op);
  if (failed.length === 0) return undefined;
  failed.sort((a, b) => ops.ret[a]! - ops.ret[b]!);
  const order = new WitnessOrder(ops, chains, zones);
  const stuck = placeAll(ops, chains, order, failed);
  if (stuck === undefined) return undefined;
  const confined = failed.filter((op) => clusterAround(ops, chains, zones, op) >= 0);
  const sure = placeAll(ops, chains, order, confined);
  if (sure !== undefined) return covered(ops, chains, zones, sure);
  return nothingElse(ops, chains, zones, stuck.op) ?? 'unsure';
}

/** Places operations in this order; returns the first that doesn't fit. */
function placeAll(
  ops: RegisterOperations,
  chains: Chains,
  order: WitnessOrder,
  failed: readonly number[],
): Placed | undefined {
  const placed: Placed[] = [];
  for (const op of failed) {
    const next = lowest(ops, chains, order, op, placed);
    if (next.place > order.highest(op)) return next;
    placed.push(next);
  }
  return undefined;
}

function lowest(
  ops: RegisterOperations,
  chains: Chains,
  order: WitnessOrder,
  op: number,
  placed: readonly Placed[],
): Placed {
  let i = placed.length - 1;
  while (i >= 0 && ops.ret[placed[i]!.op]! > ops.call[op]!) i--;
  const bound = i >= 0 ? placed[i]!.highest : undefined;
  const least = order.lowest(op);
  const pushedBy = bound !== undefined && bound.place > least ? bound : undefined;
  let place = pushedBy?.place ?? least;
  while (place < chains.count && chains.value[order.clusters[place]!] === ops.value[op]) place++;
  const result = { op, place, pushedBy } as Placed;
  const highest = placed.at(-1)?.highest;
  result.highest = highest !== undefined && highest.place > place ? highest : result;
  return result;
}

/** The cluster of the expected value in the forward zone around `op`; -1 where there is none. */
function clusterAround(ops: RegisterOperations, chains: Chains, zones: Zones, op: number): number {
  const head = zones.forwardBefore(ops.call[op]!);
  if (head < 0 || zones.s(ops, head) < ops.ret[op]!) return -1;
  const value = ops.value[op]!;
  // A value that nobody saw may have many writers, and is always the last of its chain.
  const tail = zones.tail[head]!;
  if (chains.value[tail] === value) return tail;
  const cluster = chains.ofValue[value]!;
  return cluster >= 0 && zones.head[cluster] === head ? cluster : -1;
}

function covered(ops: RegisterOperations, chains: Chains, zones: Zones, last: Placed): Covered {
  const failed: number[] = [];
  for (let p: Placed | undefined = last; p !== undefined; p = p.pushedBy) failed.push(p.op);
  const cluster = clusterAround(ops, chains, zones, last.op);
  const before = cluster === 0 ? -1 : zones.firstFrom[cluster]!;
  return { kind: 'covered', failed, before, after: zones.lastTo[cluster]! };
}

/** Whether the expected value was there before `op`, and nothing else can have come since. */
function nothingElse(ops: RegisterOperations, chains: Chains, zones: Zones, op: number): Covered | undefined {
  const cluster = chains.ofValue[ops.value[op]!]!;
  if (cluster < 0 || chains.next[cluster]! >= 0 || chains.firstLeftOut < ops.ret[op]!) return undefined;
  const head = zones.head[cluster]!;
  const first = zones.firstFrom[cluster]!;
  if (cluster !== 0 && ops.ret[first]! > ops.call[op]!) return undefined;
  for (let other = 0; other < chains.count; other++) {
    if (chains.previous[other]! >= 0 || other === head || other === 0) continue;
    const afterIt = zones.f(ops, other) > zones.s(ops, head);
    if (afterIt && ops.call[chains.writer[other]!]! < ops.ret[op]!) return undefined;
  }
  return { kind: 'covered', failed: [op], before: cluster === 0 ? -1 : first, after: -1 };
}
