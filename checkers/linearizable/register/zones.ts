import type { Chains } from './chains.ts';
import type { RegisterOperations } from './encode.ts';

export type ZoneViolation =
  /** Each of these compare-and-sets needs another of them to come first. */
  | { readonly kind: 'cycle'; readonly clusters: readonly number[] }
  /**
   * `late` began after `early` was over, though its cluster `to` comes before the cluster `from` of `early`.
   */
  | ChainOrder
  /** Something of each chain was over before something of the other began. */
  | { readonly kind: 'overlap'; readonly a: Zone; readonly b: Zone };

export interface ChainOrder {
  readonly kind: 'chain-order';
  readonly early: number;
  readonly late: number;
  readonly from: number;
  readonly to: number;
}

/** What matters of a chain to other chains. */
export interface Zone {
  /**
   * The operation first to complete and its cluster; -1 for the initial value, which was there before all
   * else.
   */
  readonly first: number;
  readonly firstCluster: number;
  /** The operation last to be invoked and its cluster. */
  readonly last: number;
  readonly lastCluster: number;
}

/** Enough for a report; a broken register may have as many violations as operations. */
const MAX_VIOLATIONS = 32;

/** Room for a cluster number beside an event index in a float's 53 bits. */
const SHIFT = 2 ** 22;

/**
 * Orders chains against each other and clusters within (Gibbons and Korach 1997). Chain A must precede chain
 * B when something of A completes before something of B is invoked; the register is linearizable exactly if
 * that never holds both ways. With f the first completion and s the last invocation of a chain: it is a
 * forward zone if f < s, surely in the register from f to s. Forward zones must be disjoint, and no backward
 * zone may lie inside one.
 */
export class Zones {
  /** Of each cluster, the first and the last cluster of its chain. */
  readonly head: Int32Array;
  readonly tail: Int32Array;
  /** Of each cluster, the operation first to complete among it and all later ones of its chain, or -1. */
  readonly firstFrom: Int32Array;
  /** Of each cluster, the operation last to be invoked among it and all earlier ones of its chain, or -1. */
  readonly lastTo: Int32Array;
  /** Forward zones by their beginning: `(f + 1) * SHIFT + head`. */
  private readonly forward: Float64Array;
  private forwardCount = 0;
  /** Whether a chain led to the cluster. */
  private readonly walked: Uint8Array;

  constructor(operations: number) {
    const column = () => new Int32Array(operations + 1);
    this.walked = new Uint8Array(operations + 1);
    this.head = column();
    this.tail = column();
    this.firstFrom = column();
    this.lastTo = column();
    this.forward = new Float64Array(operations + 1);
  }

  /**
   * What contradicts the order; some of it where there is much. The tables are good for use when there is
   * nothing.
   */
  check(ops: RegisterOperations, chains: Chains): ZoneViolation[] {
    const violations: ZoneViolation[] = [];
    this.walked.fill(0, 0, chains.count);
    for (let c = 0; c < chains.count; c++) {
      if (chains.previous[c]! < 0) this.walk(ops, chains, c, violations);
    }
    const unreached = this.walked.subarray(0, chains.count).indexOf(0);
    if (unreached >= 0) violations.push(cycleFrom(chains, unreached));
    if (violations.length > 0) return violations;
    this.sortForward(ops, chains);
    this.sweep(ops, chains, violations);
    return violations;
  }

  /** The head of the last forward zone that began before event `time`, or -1. */
  forwardBefore(time: number): number {
    let low = 0;
    let high = this.forwardCount;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.forward[middle]! < (time + 1) * SHIFT) low = middle + 1;
      else high = middle;
    }
    return low === 0 ? -1 : this.forward[low - 1]! % SHIFT;
  }

  /** First completion in the chain with this head: the initial value was there before all else. */
  f(ops: RegisterOperations, head: number): number {
    return head === 0 ? -1 : ops.ret[this.firstFrom[head]!]!;
  }

  /** Last invocation in the chain with this head. */
  s(ops: RegisterOperations, head: number): number {
    const last = this.lastTo[this.tail[head]!]!;
    return last < 0 ? -1 : ops.call[last]!;
  }

  /** One chain from its head: checks the order of its clusters. */
  private walk(
    { call, ret }: RegisterOperations,
    chains: Chains,
    head: number,
    violations: ZoneViolation[],
  ): void {
    const { first, last, next, previous } = chains;
    let tail = head;
    let latest = -1;
    for (let c = head; c >= 0; c = next[c]!) {
      this.head[c] = head;
      this.walked[c] = 1;
      if (last[c]! >= 0 && (latest < 0 || call[last[c]!]! > call[latest]!)) latest = last[c]!;
      this.lastTo[c] = latest;
      tail = c;
    }
    let soonest = -1;
    let soonestCluster = -1;
    for (let c = tail; c >= 0; c = previous[c]!) {
      this.tail[c] = tail;
      const late = last[c]!;
      if (soonest >= 0 && late >= 0 && ret[soonest]! < call[late]! && violations.length < MAX_VIOLATIONS) {
        violations.push({ kind: 'chain-order', early: soonest, from: soonestCluster, late, to: c });
      }
      if (first[c]! >= 0 && (soonest < 0 || ret[first[c]!]! < ret[soonest]!)) {
        soonest = first[c]!;
        soonestCluster = c;
      }
      this.firstFrom[c] = soonest;
    }
  }

  private sortForward(ops: RegisterOperations, { count, previous }: Chains): void {
    this.forwardCount = 0;
    for (let c = 0; c < count; c++) {
      if (previous[c]! >= 0) continue;
      const f = this.f(ops, c);
      if (f < this.s(ops, c)) this.forward[this.forwardCount++] = (f + 1) * SHIFT + c;
    }
    this.forward.subarray(0, this.forwardCount).sort();
  }

  private sweep(ops: RegisterOperations, chains: Chains, violations: ZoneViolation[]): void {
    const conflict = (a: number, b: number) => {
      if (violations.length >= MAX_VIOLATIONS) return;
      violations.push({ kind: 'overlap', a: this.zone(chains, a), b: this.zone(chains, b) });
    };
    for (let i = 1; i < this.forwardCount; i++) {
      const a = this.forward[i - 1]! % SHIFT;
      const b = this.forward[i]! % SHIFT;
      if (this.f(ops, b) < this.s(ops, a)) conflict(a, b);
    }
    for (let c = 0; c < chains.count; c++) {
      if (chains.previous[c]! >= 0) continue;
      const f = this.f(ops, c);
      const s = this.s(ops, c);
      if (f < s) continue;
      const around = this.forwardBefore(s);
      if (around >= 0 && f < this.s(ops, around)) conflict(around, c);
    }
  }

  private zone({ first, last, next }: Chains, head: number): Zone {
    const firstOp = head === 0 ? -1 : this.firstFrom[head]!;
    let firstCluster = head;
    while (head !== 0 && first[firstCluster] !== firstOp) firstCluster = next[firstCluster]!;
    const lastOp = this.lastTo[this.tail[head]!]!;
    let lastCluster = head;
    while (last[lastCluster] !== lastOp) lastCluster = next[lastCluster]!;
    return { first: firstOp, firstCluster, last: lastOp, lastCluster };
  }
}

/** A ring of clusters: each needs the one before. */
function cycleFrom({ next }: Chains, start: number): ZoneViolation {
  const clusters = [start];
  for (let c = next[start]!; c !== start; c = next[c]!) clusters.push(c);
  return { kind: 'cycle', clusters };
}
