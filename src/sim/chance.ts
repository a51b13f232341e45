import type { Dice } from '../faults/random.ts';
import type { Nanos } from '../world/nanos.ts';
import type { RandomStream } from '../world/random.ts';

/** Where the chance of messages and syncs comes from. */
export interface Chance {
  /** What is drawn from for what begins now on a line: a link, or a disk, by its number. */
  at(line: number, now: Nanos): Dice;
}

/** Chance that comes in one stream: whatever is drawn shifts all that is drawn after it. */
export function streamOfChance(random: RandomStream): Chance {
  return { at: () => random };
}

/**
 * Chance that follows from the line and the moment alone. So what is left out of a run changes nothing but what follows
 * from it: all other messages take as long as they took, and are lost if they were lost.
 */
export class SteadyChance implements Chance, Dice {
  private readonly seed: number;
  private readonly last: Float64Array;
  private readonly again: Int32Array;
  private state = 0;

  /** For lines numbered from 0 to `lines` - 1. */
  constructor(random: RandomStream, lines: number) {
    this.seed = random.uint32();
    this.last = new Float64Array(lines).fill(-1);
    this.again = new Int32Array(lines);
  }

  at(line: number, now: Nanos): Dice {
    // Several things at one moment have chances of their own.
    this.again[line] = this.last[line] === now ? this.again[line]! + 1 : 0;
    this.last[line] = now;
    const moment = scrambled(scrambled(this.seed ^ now) ^ Math.floor(now / 2 ** 32));
    this.state = scrambled(moment ^ scrambled((line << 12) ^ this.again[line]!));
    return this;
  }

  /** A counter, scrambled (Steele, Lea and Flood, Fast Splittable Pseudorandom Number Generators, 2014). */
  float(): number {
    this.state = (this.state + 0x9e3779b9) | 0;
    return (scrambled(this.state) >>> 0) / 0x1_0000_0000;
  }

  int(below: number): number {
    return Math.floor(this.float() * below);
  }
}

/** The finalizer of MurmurHash3 (Appleby 2011): each bit of the answer depends on each bit given. */
function scrambled(bits: number): number {
  let h = bits | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
