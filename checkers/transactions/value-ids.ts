import { identity } from '../identity.ts';

/** Small integers stand for themselves; whatever else gets a number from here up. */
const FIRST_OTHER = 1 << 30;

/** No value: what a register holds before its first write. */
export const NIL = -0x80000000;

/** Numbers for values, so that they fit into typed arrays. Equal values have equal numbers. */
export class ValueIds {
  private readonly others: unknown[] = [];
  private readonly ids = new Map<unknown, number>();

  id(value: unknown): number {
    if (typeof value === 'number' && Number.isInteger(value) && value > -FIRST_OTHER && value < FIRST_OTHER) {
      return value;
    }
    const same = identity(value);
    let id = this.ids.get(same);
    if (id === undefined) {
      id = FIRST_OTHER + this.others.length;
      this.ids.set(same, id);
      this.others.push(value);
    }
    return id;
  }

  value(id: number): unknown {
    if (id === NIL) return null;
    return id >= FIRST_OTHER ? this.others[id - FIRST_OTHER] : id;
  }
}

/** Keys small enough for a direct table. */
const TABLE_LIMIT = 1 << 22;

/** Dense numbers for keys, in the order of their first appearance. */
export class KeyIds {
  readonly names: unknown[] = [];
  private table = new Int32Array(1024).fill(-1);
  private readonly others = new Map<unknown, number>();

  id(key: unknown): number {
    if (typeof key === 'number' && Number.isInteger(key) && key >= 0 && key < TABLE_LIMIT) {
      if (key >= this.table.length) this.grow(key);
      let id = this.table[key]!;
      if (id < 0) this.table[key] = id = this.names.push(key) - 1;
      return id;
    }
    const same = identity(key);
    let id = this.others.get(same);
    if (id === undefined) this.others.set(same, (id = this.names.push(key) - 1));
    return id;
  }

  private grow(key: number): void {
    const larger = new Int32Array(Math.max(this.table.length * 2, key + 1)).fill(-1);
    larger.set(this.table);
    this.table = larger;
  }
}
