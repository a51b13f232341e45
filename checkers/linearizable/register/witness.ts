import type { Chains } from './chains.ts';
import type { RegisterOperations } from './encode.ts';
import type { Zones } from './zones.ts';

/** Room for a cluster number beside the sum of two event indices in a float's 53 bits. */
const SHIFT = 2 ** 22;

/**
 * One order of all clusters that a linearization may follow: chains by f + s. If chain A must precede B, then
 * f(A) < s(B) and not f(B) < s(A), so f(A) + s(A) < s(B) + f(B).
 */
export class WitnessOrder {
  readonly clusters: Int32Array;
  /** At each place, the first completion there or later, and the last invocation there or earlier. */
  private readonly firstFrom: Int32Array;
  private readonly lastTo: Int32Array;
  private readonly ops: RegisterOperations;
  private readonly chains: Chains;

  constructor(ops: RegisterOperations, chains: Chains, zones: Zones) {
    this.ops = ops;
    this.chains = chains;
    this.clusters = inOrder(ops, chains, zones);
    const { count, first, last } = chains;
    this.firstFrom = new Int32Array(count);
    this.lastTo = new Int32Array(count);
    let soonest = 0x7fffffff;
    for (let place = count - 1; place >= 0; place--) {
      const op = first[this.clusters[place]!]!;
      if (op >= 0 && ops.ret[op]! < soonest) soonest = ops.ret[op]!;
      this.firstFrom[place] = soonest;
    }
    let latest = -1;
    for (let place = 0; place < count; place++) {
      const op = last[this.clusters[place]!]!;
      if (op >= 0 && ops.call[op]! > latest) latest = ops.call[op]!;
      this.lastTo[place] = latest;
    }
  }

  /** The last place that has an operation over before `op` began. */
  lowest(op: number): number {
    const call = this.ops.call[op]!;
    let low = 0;
    let high = this.clusters.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.firstFrom[middle]! < call) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** The last place before which nothing begins after `op` is over. */
  highest(op: number): number {
    const ret = this.ops.ret[op]!;
    let low = 0;
    let high = this.clusters.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.lastTo[middle]! > ret) high = middle;
      else low = middle + 1;
    }
    if (low === this.clusters.length) return low - 1;
    const writer = this.chains.writer[this.clusters[low]!]!;
    return writer >= 0 && this.ops.call[writer]! > ret ? low - 1 : low;
  }
}

function inOrder(ops: RegisterOperations, chains: Chains, zones: Zones): Int32Array {
  const keys = new Float64Array(chains.count);
  let heads = 0;
  for (let c = 0; c < chains.count; c++) {
    if (chains.previous[c]! >= 0) continue;
    // The initial value's chain comes first whatever its last reader.
    keys[heads++] = c === 0 ? 0 : (zones.f(ops, c) + zones.s(ops, c) + 2) * SHIFT + c;
  }
  keys.subarray(0, heads).sort();
  const clusters = new Int32Array(chains.count);
  let at = 0;
  for (let i = 0; i < heads; i++) {
    for (let c = keys[i]! % SHIFT; c >= 0; c = chains.next[c]!) clusters[at++] = c;
  }
  return clusters;
}
