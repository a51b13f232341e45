/** A binary relation on 0 to `size - 1`, a row of bits for each element. */
export class Relation {
  readonly size: number;
  readonly words: number;
  readonly bits: Uint32Array;

  constructor(size: number, bits?: Uint32Array) {
    this.size = size;
    this.words = (size + 31) >>> 5;
    this.bits = bits ?? new Uint32Array(size * this.words);
  }

  clone(): Relation {
    return new Relation(this.size, this.bits.slice());
  }

  has(a: number, b: number): boolean {
    return ((this.bits[a * this.words + (b >>> 5)]! >>> (b & 31)) & 1) === 1;
  }

  add(a: number, b: number): void {
    this.bits[a * this.words + (b >>> 5)]! |= 1 << (b & 31);
  }

  /** Adds to row `a` all of row `b` of another relation on the same elements. */
  addRow(a: number, other: Relation, b: number): void {
    const { words, bits } = this;
    for (let w = 0; w < words; w++) bits[a * words + w]! |= other.bits[b * words + w]!;
  }

  /** Adds `a` before `b` to a transitive relation and keeps it transitive. */
  addClosed(a: number, b: number): void {
    if (this.has(a, b)) return;
    for (let p = 0; p < this.size; p++) {
      if (p !== a && !this.has(p, a)) continue;
      this.add(p, b);
      this.addRow(p, this, b);
    }
  }

  /** Makes the relation transitive (Warshall 1962). */
  close(): void {
    for (let k = 0; k < this.size; k++) {
      for (let a = 0; a < this.size; a++) if (this.has(a, k)) this.addRow(a, this, k);
    }
  }

  /** Whether a transitive relation has a cycle. */
  isCyclic(): boolean {
    for (let a = 0; a < this.size; a++) if (this.has(a, a)) return true;
    return false;
  }

  /** Calls `visit` for each element of row `a`, smallest first. */
  each(a: number, visit: (b: number) => void): void {
    for (let w = 0; w < this.words; w++) {
      for (let rest = this.bits[a * this.words + w]!; rest !== 0; rest &= rest - 1) {
        visit(w * 32 + 31 - Math.clz32(rest & -rest));
      }
    }
  }
}
