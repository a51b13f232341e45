import seedrandom from 'seedrandom';
import type { Dice } from '../faults/random.ts';

/** A seed as the user gives it: any string or number. */
export type Seed = string | number;

/**
 * A named stream of random numbers. Streams of one seed with different names are independent, so that a new consumer
 * never shifts the numbers of another. sfc32 (Chris Doty-Humphrey's PractRand), seeded by `seedrandom`.
 */
export class RandomStream implements Dice {
  private readonly path: string;
  private a: number;
  private b: number;
  private c: number;
  private counter = 1;

  constructor(path: string) {
    this.path = path;
    const seeder = seedrandom(path);
    this.a = seeder.int32();
    this.b = seeder.int32();
    this.c = seeder.int32();
    for (let i = 0; i < 12; i++) this.uint32();
  }

  /** The stream called `name` below this one; asking twice gives two equal streams. */
  fork(name: string): RandomStream {
    return new RandomStream(`${this.path}/${name}`);
  }

  uint32(): number {
    const t = (this.a + this.b + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = ((this.c << 21) | (this.c >>> 11)) + t;
    this.c |= 0;
    return t >>> 0;
  }

  /** Uniform in [0, 1), 32 bits of it random. */
  float(): number {
    return this.uint32() / 0x1_0000_0000;
  }

  /** Uniform integer in [0, below), 0 < below ≤ 2^32. */
  int(below: number): number {
    return Math.floor(this.float() * below);
  }

  /** Uniform integer in [from, to]. */
  between(from: number, to: number): number {
    return from + Math.floor(this.float() * (to - from + 1));
  }

  chance(probability: number): boolean {
    return this.float() < probability;
  }

  pick<T>(items: readonly T[]): T {
    if (items.length === 0) throw new RangeError('pick from an empty list');
    return items[this.int(items.length)]!;
  }

  /** A shuffled copy (Fisher and Yates). */
  shuffle<T>(items: readonly T[]): T[] {
    const out = items.slice();
    for (let i = out.length - 1; i > 0; i--) {
      const j = this.int(i + 1);
      const swapped = out[i]!;
      out[i] = out[j]!;
      out[j] = swapped;
    }
    return out;
  }
}

/** The root of all randomness of a run. The number 7 and the string "7" are the same seed. */
export function randomOf(seed: Seed): RandomStream {
  return new RandomStream(String(seed));
}
