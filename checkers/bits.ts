/** A small immutable set of numbers from 0 on, 32 to a word; words that are missing hold nothing. */
export type Bits = Int32Array;

export const NO_BITS: Bits = new Int32Array(0);

export function hasBit(bits: Bits, n: number): boolean {
  return ((bits[n >> 5] ?? 0) & (1 << (n & 31))) !== 0;
}

export function withBit(bits: Bits, n: number): Bits {
  const out = new Int32Array(Math.max(bits.length, (n >> 5) + 1));
  out.set(bits);
  out[n >> 5]! |= 1 << (n & 31);
  return out;
}

export function withoutBits(bits: Bits, without: readonly number[]): Bits {
  const out = bits.slice();
  for (const n of without) if (n >> 5 < out.length) out[n >> 5]! &= ~(1 << (n & 31));
  return out;
}

/** Whether `a` holds all that `b` holds. */
export function covers(a: Bits, b: Bits): boolean {
  for (let w = 0; w < b.length; w++) if ((b[w]! & ~(a[w] ?? 0)) !== 0) return false;
  return true;
}

export function countBits(bits: Bits): number {
  let count = 0;
  for (let w = 0; w < bits.length; w++) count += countOnes(bits[w]!);
  return count;
}

/** How many bits of a word are 1. */
export function countOnes(word: number): number {
  let count = 0;
  for (let left = word; left !== 0; left &= left - 1) count++;
  return count;
}
