import type { Key } from '../histories/op.ts';
import type { RandomStream } from '../src/world/random.ts';

/** How many values of a key are remembered. */
const REMEMBERED = 4;
/** How often the latest is drawn, which is the likeliest to be there still. */
const LATEST = 0.75;

/** The values that each register was last seen to hold, for a compare-and-set that has a chance to succeed. */
export class RecentValues {
  private readonly seen = new Map<Key, unknown[]>();

  /** The register held this just now. */
  note(key: Key, value: unknown): void {
    const values = this.seen.get(key);
    if (values === undefined) {
      this.seen.set(key, [value]);
    } else if (values[0] !== value) {
      values.unshift(value);
      if (values.length > REMEMBERED) values.pop();
    }
  }

  /** Mostly the latest value, sometimes an older one; null, a register's first value, where nothing was seen. */
  draw(key: Key, random: RandomStream): unknown {
    const values = this.seen.get(key) ?? [null];
    return random.chance(LATEST) ? values[0] : random.pick(values);
  }
}
