/** More than any cover can be; marks instants that were handed out. */
const GONE = 1 << 30;

/**
 * How many intervals cover each instant of a line; intervals can be taken away, and instants found that
 * nothing covers. A segment tree of least covers, each relative to its parent, so that taking away touches
 * O(log n) nodes.
 */
export class CoverTree {
  private readonly size: number;
  private readonly least: Int32Array;
  private readonly added: Int32Array;

  constructor(covers: Int32Array) {
    this.size = 1;
    while (this.size < covers.length) this.size *= 2;
    this.least = new Int32Array(this.size * 2).fill(GONE);
    this.added = new Int32Array(this.size);
    this.least.set(covers, this.size);
    for (let node = this.size - 1; node >= 1; node--) this.refresh(node);
  }

  /** Takes away one interval over the instants `from` (inclusive) to `to` (exclusive). */
  remove(from: number, to: number): void {
    let left = from + this.size;
    let right = to + this.size;
    for (; left < right; left >>= 1, right >>= 1) {
      if (left & 1) this.lower(left++);
      if (right & 1) this.lower(--right);
    }
    this.refreshAbove(from + this.size);
    this.refreshAbove(to - 1 + this.size);
  }

  /** An instant that nothing covers, each only once; -1 when there is none. */
  takeUncovered(): number {
    if (this.least[1] !== 0) return -1;
    let node = 1;
    let wanted = 0;
    while (node < this.size) {
      wanted -= this.added[node]!;
      node *= 2;
      if (this.least[node] !== wanted) node++;
    }
    this.least[node] = GONE;
    this.refreshAbove(node);
    return node - this.size;
  }

  private lower(node: number): void {
    this.least[node]!--;
    if (node < this.size) this.added[node]!--;
  }

  private refresh(node: number): void {
    this.least[node] = Math.min(this.least[node * 2]!, this.least[node * 2 + 1]!) + this.added[node]!;
  }

  private refreshAbove(leaf: number): void {
    for (let node = leaf >> 1; node >= 1; node >>= 1) this.refresh(node);
  }
}
