import type { Sessions } from './sessions.ts';

/**
 * The writes to each key, session by session. A slot is one session's writes to one key, in order:
 * `writes[slotStart[slot]]` to `writes[slotStart[slot + 1] - 1]`. The slots of key `x` are `keyStart[x]` to
 * `keyStart[x + 1] - 1`, by session.
 */
export interface WritesByKey {
  readonly slotCount: number;
  /** The slot of each write, by operation. */
  readonly slotOf: Int32Array;
  /** Where each write stands in `writes`, by operation. */
  readonly placeOf: Int32Array;
  readonly slotStart: Int32Array;
  readonly slotSession: Int32Array;
  readonly writes: Int32Array;
  /** Where each of `writes` stands in its session, from 0. */
  readonly positions: Int32Array;
  readonly keyStart: Int32Array;
}

export function writesByKey({ size, start, session, key, keys, writer }: Sessions): WritesByKey {
  const writesOfKey = new Int32Array(keys);
  for (let op = 0; op < size; op++) if (writer[op] === op) writesOfKey[key[op]!]!++;
  const next = startsOf(writesOfKey);
  const writes = new Int32Array(next[keys]!);
  for (let op = 0; op < size; op++) if (writer[op] === op) writes[next[key[op]!]!++] = op;
  const positions = writes.map((op) => op - start[session[op]!]!);
  return { ...cutIntoSlots(writes, session, key, keys), positions };
}

/** `writes` are sorted by key, then session, then order. */
function cutIntoSlots(
  writes: Int32Array,
  session: Int32Array,
  key: Int32Array,
  keys: number,
): Omit<WritesByKey, 'positions'> {
  const slotOf = new Int32Array(session.length);
  const placeOf = new Int32Array(session.length);
  const slotStart: number[] = [];
  const slotSession: number[] = [];
  const slotsOfKey = new Int32Array(keys);
  for (let i = 0; i < writes.length; i++) {
    const op = writes[i]!;
    const before = writes[i - 1];
    if (before === undefined || key[before] !== key[op] || session[before] !== session[op]) {
      slotStart.push(i);
      slotSession.push(session[op]!);
      slotsOfKey[key[op]!]!++;
    }
    slotOf[op] = slotStart.length - 1;
    placeOf[op] = i;
  }
  const slotCount = slotStart.length;
  slotStart.push(writes.length);
  return {
    slotCount,
    slotOf,
    placeOf,
    slotStart: Int32Array.from(slotStart),
    slotSession: Int32Array.from(slotSession),
    writes,
    keyStart: startsOf(slotsOfKey),
  };
}

/** Where each part begins when parts of these lengths follow one another; one more entry for the end. */
function startsOf(lengths: Int32Array): Int32Array {
  const starts = new Int32Array(lengths.length + 1);
  for (let i = 0; i < lengths.length; i++) starts[i + 1] = starts[i]! + lengths[i]!;
  return starts;
}
