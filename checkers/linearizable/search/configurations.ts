import { countOnes } from '../../bits.ts';
import { BOUNDARY, type Layout, STATE } from './layout.ts';

const NO_ENTRY = -1;
/** In the place of the state: the configuration is dominated by another. */
const DEAD = -1;
const SMALLEST = 16;

/** How one configuration compares with another. */
const DIFFERENT = 0;
const WORSE = 1;
const SAME = 2;
const BETTER = 3;

/**
 * A set of configurations without those that another dominates: same state, same mandatory operations
 * linearized, and nothing better in any other respect (a later overwrite, more observers satisfied, fewer
 * operations used up). Whatever a dominated configuration can still do, the other can do too.
 */
export class ConfigurationSet {
  /** Number of rows, dead ones included. */
  rows = 0;
  /** Number of configurations. */
  size = 0;
  words: Int32Array;
  private readonly stride: number;
  private readonly observers: number;
  private readonly used: number;
  private readonly additive: boolean;
  private links: Int32Array;
  private heads: Int32Array;
  private mask = SMALLEST - 1;

  constructor({ stride, observers, used, additive }: Layout) {
    this.stride = stride;
    this.observers = observers;
    this.used = used;
    this.additive = additive;
    this.words = new Int32Array(SMALLEST * stride);
    this.links = new Int32Array(SMALLEST);
    this.heads = new Int32Array(SMALLEST).fill(NO_ENTRY);
  }

  get bytes(): number {
    return this.words.byteLength + this.links.byteLength + this.heads.byteLength;
  }

  clear(): void {
    this.rows = 0;
    this.size = 0;
    this.mask = SMALLEST - 1;
    this.heads.fill(NO_ENTRY, 0, SMALLEST);
  }

  /** The states that occur, in the order of their numbers. */
  states(): number[] {
    const states = new Set<number>();
    for (let row = 0; row < this.rows; row++) {
      if (this.isAlive(row)) states.add(this.words[row * this.stride + STATE]!);
    }
    return [...states].sort((a, b) => a - b);
  }

  isAlive(row: number): boolean {
    return this.words[row * this.stride + STATE] !== DEAD;
  }

  /** Adds a configuration; -1 if another dominates it, else its row. */
  add(config: Int32Array): number {
    const at = this.hash(config, 0) & this.mask;
    if (this.dominated(config, at)) return -1;
    if (this.rows === this.links.length) this.grow();
    const row = this.rows++;
    this.size++;
    this.words.set(config, row * this.stride);
    const slot = this.rows > this.mask ? this.rehash(config) : at;
    this.links[row] = this.heads[slot]!;
    this.heads[slot] = row;
    return row;
  }

  /** Whether a row of chain `at` dominates `config`; removes those that `config` dominates. */
  private dominated(config: Int32Array, at: number): boolean {
    const { words, links, stride } = this;
    let previous = NO_ENTRY;
    for (let row = this.heads[at]!; row !== NO_ENTRY; row = links[row]!) {
      const base = row * stride;
      const order = this.compare(config, base);
      if (order >= SAME) {
        // What dominates one often dominates the next: keep it in front.
        if (previous !== NO_ENTRY) {
          links[previous] = links[row]!;
          links[row] = this.heads[at]!;
          this.heads[at] = row;
        }
        return true;
      }
      if (order === WORSE) {
        words[base + STATE] = DEAD;
        this.size--;
        if (previous === NO_ENTRY) this.heads[at] = links[row]!;
        else links[previous] = links[row]!;
        continue;
      }
      previous = row;
    }
    return false;
  }

  /** How the row at `base` compares with `config`. */
  private compare(config: Int32Array, base: number): number {
    const { words, stride, observers, used } = this;
    if (words[base + STATE] !== config[STATE]) return DIFFERENT;
    for (let w = BOUNDARY + 1; w < observers; w++) if (words[base + w] !== config[w]) return DIFFERENT;
    let order = SAME;
    const later = words[base + BOUNDARY]! - config[BOUNDARY]!;
    if (later !== 0) order = later > 0 ? BETTER : WORSE;
    const compared = this.additive ? used : stride;
    for (let w = observers; w < compared; w++) {
      const a = words[base + w]!;
      const b = config[w]!;
      if (a === b) continue;
      const more = (a & b) === b;
      if (!more && (a & b) !== a) return DIFFERENT;
      // More observers are better, more operations used up are worse.
      const better = more === w < used;
      if (order === SAME) order = better ? BETTER : WORSE;
      else if ((order === BETTER) !== better) return DIFFERENT;
    }
    if (!this.additive) return order;
    const left = this.compareLeft(config, base);
    return order === SAME ? left : left === SAME || left === order ? order : DIFFERENT;
  }

  /**
   * How what is left of the optional operations compares, where they add up. In equal states with the same mandatory
   * operations done, what only the one has left amounts to what only the other has left. So if that is a single operation
   * of the other, the one can do all of its own in its place, and whatever else the other can do.
   */
  private compareLeft(config: Int32Array, base: number): number {
    let onlyOfRow = 0;
    let onlyOfConfig = 0;
    for (let w = this.used; w < this.stride; w++) {
      const a = this.words[base + w]!;
      const b = config[w]!;
      onlyOfRow += countOnes(b & ~a);
      onlyOfConfig += countOnes(a & ~b);
    }
    if (onlyOfRow === 0 && onlyOfConfig === 0) return SAME;
    if (onlyOfConfig < 2) return BETTER;
    return onlyOfRow < 2 ? WORSE : DIFFERENT;
  }

  /** By what must be the same for one to dominate the other. */
  private hash(words: Int32Array, base: number): number {
    let h = Math.imul(words[base + STATE]! + 1, 0x9e3779b1);
    for (let w = BOUNDARY + 1; w < this.observers; w++) {
      h = Math.imul(h ^ words[base + w]!, 0x85ebca6b);
      h ^= h >>> 15;
    }
    return h ^ (h >>> 13);
  }

  private grow(): void {
    const words = new Int32Array(this.words.length * 2);
    words.set(this.words);
    this.words = words;
    const links = new Int32Array(this.links.length * 2);
    links.set(this.links);
    this.links = links;
  }

  /** Doubles the number of chains; the last row is not linked yet, its chain is returned. */
  private rehash(config: Int32Array): number {
    const size = (this.mask + 1) * 2;
    if (this.heads.length < size) this.heads = new Int32Array(size);
    this.heads.fill(NO_ENTRY, 0, size);
    this.mask = size - 1;
    for (let row = 0; row < this.rows - 1; row++) {
      if (!this.isAlive(row)) continue;
      const at = this.hash(this.words, row * this.stride) & this.mask;
      this.links[row] = this.heads[at]!;
      this.heads[at] = row;
    }
    return this.hash(config, 0) & this.mask;
  }
}
