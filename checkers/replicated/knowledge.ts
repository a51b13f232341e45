import type { VersionVector } from '../version-vector.ts';
import type { Update } from './sights.ts';

/** How many updates of each origin, by the number of the origin. */
export type Counts = Int32Array;

/** The updates of one object, numbered, by their origins: answers fast who knew of whom. */
export class Knowledge {
  readonly updates: readonly Update[];
  /** Of each origin the numbers of its updates, in the order in which it made them. */
  readonly lines: readonly (readonly number[])[];
  private readonly origins = new Map<string, number>();
  private readonly originOf: Int32Array;
  private readonly countOf: Int32Array;
  private readonly saw: readonly Counts[];

  constructor(updates: readonly Update[]) {
    this.updates = updates;
    for (const { origin } of updates)
      if (!this.origins.has(origin)) this.origins.set(origin, this.origins.size);
    this.originOf = Int32Array.from(updates, ({ origin }) => this.origins.get(origin)!);
    this.countOf = Int32Array.from(updates, ({ number }) => number);
    this.saw = updates.map(({ saw }) => this.counts(saw));
    const lines: number[][] = Array.from(this.origins, () => []);
    for (let u = 0; u < updates.length; u++) lines[this.originOf[u]!]!.push(u);
    for (const line of lines) line.sort((a, b) => this.countOf[a]! - this.countOf[b]!);
    this.lines = lines;
  }

  counts(vector: VersionVector): Counts {
    const counts = new Int32Array(this.origins.size);
    for (const [origin, o] of this.origins) counts[o] = vector[origin] ?? 0;
    return counts;
  }

  /** Whether the counts include update `u`. */
  includes(counts: Counts, u: number): boolean {
    return counts[this.originOf[u]!]! >= this.countOf[u]!;
  }

  knew(later: number, earlier: number): boolean {
    return later !== earlier && this.includes(this.saw[later]!, earlier);
  }

  /** Of each origin the count of its first update that knew of `u`; infinite where none did. */
  firstKnowers(u: number): readonly number[] {
    return this.lines.map((line) => {
      const first = line.find((other) => this.knew(other, u));
      return first === undefined ? Number.POSITIVE_INFINITY : this.countOf[first]!;
    });
  }

  /** What an update knew. */
  sawOf(u: number): Counts {
    return this.saw[u]!;
  }

  /**
   * Of the updates that the counts include, all but `except`, those from which the others follow: each of the others leads to
   * one of them from one update of its origin to the next, every one of which knew the one before it.
   */
  *latest(counts: Counts, except: number): IterableIterator<number> {
    for (const line of this.lines) {
      let next: number | undefined;
      for (let i = line.length - 1; i >= 0; i--) {
        const u = line[i]!;
        if (u === except || !this.includes(counts, u)) continue;
        if (next === undefined || line[i + 1] !== next || !this.knew(next, u)) yield u;
        next = u;
      }
    }
  }
}
