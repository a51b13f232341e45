/** A set of whole numbers from 0 on that mostly follow one another: a list of stretches, both ends included. */
export class Positions {
  private readonly stretches: [from: number, to: number][] = [];

  get size(): number {
    return this.stretches.reduce((sum, [from, to]) => sum + to - from + 1, 0);
  }

  has(position: number): boolean {
    return this.stretches.some(([from, to]) => from <= position && position <= to);
  }

  /** Adds one; says whether it was missing. */
  add(position: number): boolean {
    if (this.has(position)) return false;
    let at = this.stretches.findIndex(([from]) => from > position);
    if (at < 0) at = this.stretches.length;
    const [before, after] = [this.stretches[at - 1], this.stretches[at]];
    const joinsBefore = before?.[1] === position - 1;
    if (joinsBefore && after?.[0] === position + 1) {
      before[1] = after[1];
      this.stretches.splice(at, 1);
    } else if (joinsBefore) before[1] = position;
    else if (after?.[0] === position + 1) after[0] = position;
    else this.stretches.splice(at, 0, [position, position]);
    return true;
  }

  delete(position: number): void {
    const at = this.stretches.findIndex(([from, to]) => from <= position && position <= to);
    if (at < 0) return;
    const [from, to] = this.stretches[at]!;
    const left: [number, number][] = from < position ? [[from, position - 1]] : [];
    const right: [number, number][] = position < to ? [[position + 1, to]] : [];
    this.stretches.splice(at, 1, ...left, ...right);
  }

  /** The least number from `from` on that is in none of the sets. */
  static firstOutside(sets: readonly Positions[], from = 0): number {
    let position = from;
    for (let moved = true; moved; ) {
      moved = false;
      for (const { stretches } of sets)
        for (const [begin, end] of stretches)
          if (begin <= position && position <= end) {
            position = end + 1;
            moved = true;
          }
    }
    return position;
  }
}
