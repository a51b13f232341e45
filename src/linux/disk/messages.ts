import type { UnsyncedFate } from '../../faults/fault.ts';
import type { PowerLoss } from './volatile-disk.ts';

/** What a disk's process is started with, as JSON in its first argument. */
export interface DiskSetup {
  readonly mountPoint: string;
  /** The mount's source: what it is found by when it was left behind. */
  readonly source: string;
  readonly backing: string;
  /** Of the named random stream from which errors, losses and flips are drawn. */
  readonly seed: string;
}

/** Faults of a disk that last until they are healed. */
export interface DiskTrouble {
  /** Probability that a write or sync fails with EIO. */
  readonly eio: number;
  /** Every write fails with ENOSPC. */
  readonly full: boolean;
  /** How much longer a sync takes, ns. */
  readonly slow: number;
}

/** What the controller asks of a disk's process. */
export type DiskCommand =
  | { readonly do: 'change'; readonly trouble: Partial<DiskTrouble> }
  | { readonly do: 'lose-power'; readonly fate: UnsyncedFate }
  | { readonly do: 'flip-bit'; readonly file: string }
  | { readonly do: 'unmount' };

/** A flipped bit: in which file of the disk, and at which byte. */
export interface FlippedBit {
  readonly file: string;
  readonly at: number;
}

/** What each command answers. */
export interface DiskAnswers {
  change: null;
  'lose-power': PowerLoss;
  'flip-bit': FlippedBit | null;
  unmount: null;
}

export type ToDisk = { readonly id: number } & DiskCommand;

export type FromDisk =
  | { readonly ready: true }
  | { readonly failed: string }
  | { readonly id: number; readonly answer?: DiskAnswers[DiskCommand['do']]; readonly error?: string };
