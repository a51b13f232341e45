import { identity } from '../identity.ts';

/** Above this a whole number goes into the map like any other value. */
const SMALL_LIMIT = 1 << 24;

/** Numbers values 0, 1, 2 ... in the order of their first appearance; equal JSON means the same value. */
export class Interner {
  readonly values: unknown[] = [];
  /** Ids of small whole numbers, plus one: most histories hold nothing else. */
  private small = new Int32Array(1024);
  private readonly others = new Map<unknown, number>();

  id(value: unknown): number {
    if (typeof value === 'number' && value >= 0 && value < SMALL_LIMIT && Number.isInteger(value)) {
      if (value >= this.small.length) this.grow(value);
      const known = this.small[value]!;
      if (known !== 0) return known - 1;
      this.values.push(value);
      this.small[value] = this.values.length;
      return this.values.length - 1;
    }
    const name = identity(value);
    let id = this.others.get(name);
    if (id === undefined) {
      id = this.values.length;
      this.values.push(value);
      this.others.set(name, id);
    }
    return id;
  }

  private grow(value: number): void {
    const larger = new Int32Array(Math.min(SMALL_LIMIT, Math.max(value + 1, this.small.length * 2)));
    larger.set(this.small);
    this.small = larger;
  }
}
