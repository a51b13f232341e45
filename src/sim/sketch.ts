import { RandomStream } from '../world/random.ts';
import { mix, nameHash } from './feature-hash.ts';

/** How many numbers of a node's state are looked at, and how deep in it they may be. */
const MOST_NUMBERS = 24;
const DEEPEST = 4;

/** Greater numbers are times, which differ always and everywhere. */
const GREATEST = 1_000_000;

/** A role or a phase, not a value or an id. */
const WORD = /^[a-z-]{1,16}$/;

/**
 * What a node's state looks like to somebody who doesn't know the program: its numbers and sizes, which mean something
 * when they are compared with those of another node (terms, lengths of logs, ballots), and its words and flags.
 */
export class Sketch {
  private readonly paths = new Int32Array(MOST_NUMBERS);
  private readonly numbers = new Int32Array(MOST_NUMBERS);
  private count = 0;
  /** A hash over words and flags. */
  words = 0;

  /** Looks at a program; `context` is the simulator's part of it. */
  take(program: object | undefined, context: unknown): void {
    this.count = 0;
    this.words = 0;
    if (program !== undefined) this.walk(program, context, 1, 0);
  }

  /** A hash over which numbers are less, equal or greater than the other's, and over the words of both. */
  comparedWith(other: Sketch): number {
    let hash = mix(this.words, other.words);
    for (let i = 0; i < this.count; i++) {
      if (i >= other.count || this.paths[i] !== other.paths[i]) return mix(hash, 4);
      const [mine, theirs] = [this.numbers[i]!, other.numbers[i]!];
      hash = mix(hash, mine < theirs ? 1 : mine > theirs ? 2 : 3);
    }
    return hash;
  }

  private walk(object: object, context: unknown, path: number, depth: number): void {
    if (object === context || object instanceof RandomStream) return;
    if (object instanceof Map || object instanceof Set) {
      this.note(path, object.size);
      return;
    }
    if (Array.isArray(object)) {
      this.note(path, object.length);
      const last: unknown = object.at(-1);
      if (typeof last === 'object' && last !== null && depth < DEEPEST)
        this.walk(last, context, mix(path, 1), depth + 1);
      return;
    }
    for (const field in object) {
      const value = (object as Readonly<Record<string, unknown>>)[field];
      const place = mix(path, nameHash(field));
      if (typeof value === 'number') this.note(place, value);
      else if (typeof value === 'boolean') this.words = mix(this.words, mix(place, Number(value)));
      else if (typeof value === 'string') this.noteWord(place, value);
      else if (typeof value === 'object' && value !== null && depth < DEEPEST)
        this.walk(value, context, place, depth + 1);
    }
  }

  private note(path: number, value: number): void {
    if (this.count === MOST_NUMBERS || !Number.isInteger(value) || value > GREATEST || value < -GREATEST)
      return;
    this.paths[this.count] = path;
    this.numbers[this.count++] = value;
  }

  private noteWord(path: number, text: string): void {
    if (WORD.test(text)) this.words = mix(this.words, mix(path, nameHash(text)));
  }
}
