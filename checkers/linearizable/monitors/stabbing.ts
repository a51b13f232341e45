/** Intervals from which those that contain an instant can be taken, each in O(log n). */
export class StabbingTree {
  private readonly size: number;
  /** Intervals in the order of their beginnings. */
  private readonly order: Int32Array;
  private readonly starts: Float64Array;
  /** Greatest end below each node; an interval that was taken has ended before all time. */
  private readonly ends: Int32Array;

  /** Interval i holds the instants `from[i]` (inclusive) to `to[i]` (exclusive). */
  constructor(from: Int32Array, to: Int32Array) {
    const keys = Float64Array.from(from, (start, i) => start * SHIFT + i).sort();
    this.order = Int32Array.from(keys, (key) => key % SHIFT);
    this.starts = keys.map((key) => Math.floor(key / SHIFT));
    this.size = 1;
    while (this.size < from.length) this.size *= 2;
    this.ends = new Int32Array(this.size * 2).fill(-1);
    this.order.forEach((interval, at) => {
      this.ends[this.size + at] = to[interval]!;
    });
    for (let node = this.size - 1; node >= 1; node--) this.refresh(node);
  }

  /** Takes an interval that contains `instant`; -1 when there is none left. */
  take(instant: number): number {
    const prefix = this.startingBy(instant);
    const leaf = this.leafEndingAfter(instant, prefix);
    if (leaf < 0) return -1;
    this.ends[leaf] = -1;
    for (let node = leaf >> 1; node >= 1; node >>= 1) this.refresh(node);
    return this.order[leaf - this.size]!;
  }

  private refresh(node: number): void {
    this.ends[node] = Math.max(this.ends[node * 2]!, this.ends[node * 2 + 1]!);
  }

  /** Number of intervals that begin at `instant` or before. */
  private startingBy(instant: number): number {
    let low = 0;
    let high = this.starts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.starts[middle]! <= instant) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The leaf of one of the first `prefix` intervals that ends after `instant`, or -1. */
  private leafEndingAfter(instant: number, prefix: number): number {
    for (let left = this.size, right = this.size + prefix; left < right; left >>= 1, right >>= 1) {
      if (left & 1 && this.ends[left++]! > instant) return this.descend(left - 1, instant);
      if (right & 1 && this.ends[--right]! > instant) return this.descend(right, instant);
    }
    return -1;
  }

  private descend(from: number, instant: number): number {
    let node = from;
    while (node < this.size) node = this.ends[node * 2]! > instant ? node * 2 : node * 2 + 1;
    return node;
  }
}

/** Room for an interval's number beside an instant in a float's 53 bits. */
const SHIFT = 2 ** 23;
