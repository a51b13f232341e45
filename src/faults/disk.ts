import type { UnsyncedFate } from './fault.ts';
import { drawLatency, type Latency } from './latency.ts';
import type { Dice } from './random.ts';

/** What a node's disk does to reads, writes and syncs. */
export interface DiskPolicy {
  readonly sync: Latency;
  /** Probability that a write or sync fails with EIO. */
  readonly eio: number;
  /** Every write fails with ENOSPC. */
  readonly full: boolean;
  /** Added to each sync, ns. */
  readonly slow: number;
}

/** A good SSD: 0.2 ms a sync and a short tail. */
export const HEALTHY_DISK: DiskPolicy = {
  sync: { base: 200_000, tail: 200_000 },
  eio: 0,
  full: false,
  slow: 0,
};

/** How long a sync takes, ns. */
export function syncDuration(policy: DiskPolicy, dice: Dice): number {
  return drawLatency(policy.sync, dice) + policy.slow;
}

/**
 * What survives of `count` unsynced changes when the power goes: so many whole ones, in order, and whether the next is
 * torn, that is, there in part.
 */
export function survivors(fate: UnsyncedFate, count: number, dice: Dice): { whole: number; torn: boolean } {
  if (fate === 'lost' || count === 0) return { whole: 0, torn: false };
  const whole = dice.int(count + 1);
  return { whole, torn: fate === 'torn' && whole < count };
}

/** The part of a torn write that reached the disk. */
export function tornPart(data: string, dice: Dice): string {
  return data.slice(0, dice.int(data.length + 1));
}

/** The text with one bit of one character flipped (never the highest, so that ASCII stays ASCII). */
export function flipBit(text: string, at: number, dice: Dice): string {
  const flipped = String.fromCharCode(text.charCodeAt(at) ^ (1 << dice.int(7)));
  return text.slice(0, at) + flipped + text.slice(at + 1);
}

/**
 * How many of the first bytes of a torn write, `length` bytes from `at` on, reached the disk: up to a border between
 * sectors of 512 bytes or blocks of 4 KiB. A sector is written whole or not at all.
 */
export function tornBytes(at: number, length: number, dice: Dice): number {
  const sector = dice.int(2) === 0 ? 512 : 4096;
  const first = Math.ceil((at + 1) / sector) * sector;
  const borders = first >= at + length ? 0 : Math.ceil((at + length - first) / sector);
  const border = dice.int(borders + 1);
  return border === 0 ? 0 : first + (border - 1) * sector - at;
}
