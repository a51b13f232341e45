import type { Sessions } from './sessions.ts';

/**
 * The writes to each key, session by session. A slot is one session's writes to one key, in order:
 * `writes[slotStart[slot]]` to `writes[slotStart[slot + 1] - 1]`. The slots of key `x` are `slots[keyStart[x]]` to
 * `slots[keyStart[x + 1] - 1]`.
 */
export interface WritesByKey {
  readonly slotCount: number;
  /** The slot of each write, by operation. */
  readonly slotOf: Int32Array;
  readonly slotStart: Int32Array;
  readonly slotSession: Int32Array;
  readonly writes: Int32Array;
  readonly keyStart: Int32Array;
  readonly slots: Int32Array;
}

export function writesByKey({ size, session, key, keys, writer }: Sessions): WritesByKey {
  const slotOf = new Int32Array(size);
  /** The slot that a key was last written through; sessions come one after another. */
  const latest = new Int32Array(keys).fill(-1);
  const slotSession: number[] = [];
  const slotKey: number[] = [];
  const lengths: number[] = [];
  for (let op = 0; op < size; op++) {
    if (writer[op] !== op) continue;
    const x = key[op]!;
    let slot = latest[x]!;
    if (slot < 0 || slotSession[slot] !== session[op]) {
      slot = slotSession.push(session[op]!) - 1;
      slotKey.push(x);
      lengths.push(0);
      latest[x] = slot;
    }
    slotOf[op] = slot;
    lengths[slot]!++;
  }
  const slotStart = startsOf(lengths);
  const next = slotStart.slice();
  const writes = new Int32Array(slotStart[lengths.length]!);
  for (let op = 0; op < size; op++) if (writer[op] === op) writes[next[slotOf[op]!]!++] = op;
  const { keyStart, slots } = slotsByKey(slotKey, keys);
  return {
    slotCount: lengths.length,
    slotOf,
    slotStart,
    slotSession: Int32Array.from(slotSession),
    writes,
    keyStart,
    slots,
  };
}

function slotsByKey(slotKey: readonly number[], keys: number): { keyStart: Int32Array; slots: Int32Array } {
  const perKey = new Array<number>(keys).fill(0);
  for (const x of slotKey) perKey[x]!++;
  const keyStart = startsOf(perKey);
  const next = keyStart.slice();
  const slots = new Int32Array(slotKey.length);
  slotKey.forEach((x, slot) => {
    slots[next[x]!++] = slot;
  });
  return { keyStart, slots };
}

/** Where each part begins when parts of these lengths follow one another; one more entry for the end. */
function startsOf(lengths: readonly number[]): Int32Array {
  const starts = new Int32Array(lengths.length + 1);
  for (let i = 0; i < lengths.length; i++) starts[i + 1] = starts[i]! + lengths[i]!;
  return starts;
}
