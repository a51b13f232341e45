import type { UnsyncedFate } from '../../faults/fault.ts';
import type { DiskFaults, PowerLoss } from './volatile-disk.ts';

/** What the thread that answers the kernel is started with. */
export interface LoopSetup {
  readonly backing: string;
  readonly objects: string;
  readonly seed: string;
}

/** To that thread. All but `serve` and `lose-power` may come while it serves; then a knock must follow. */
export type ToLoop =
  /** Answers the requests of the mount with this file descriptor until it ends. */
  | { readonly do: 'serve'; readonly fd: number }
  /** After the mount's end. */
  | { readonly do: 'lose-power'; readonly fate: UnsyncedFate }
  /** `slow`: how much longer a sync takes from now on, ns. */
  | { readonly do: 'change'; readonly faults: DiskFaults; readonly slow: number }
  | { readonly do: 'flip-bit'; readonly file: string }
  /** A slow sync is over. */
  | { readonly do: 'finish-sync'; readonly sync: number };

/** From it. */
export type FromLoop =
  | { readonly did: 'change' }
  | {
      readonly did: 'flip-bit';
      readonly flipped: { readonly file: string; readonly at: number; readonly node: number } | null;
    }
  | { readonly did: 'lose-power'; readonly loss: PowerLoss }
  /** The mount has ended. */
  | { readonly did: 'serve' }
  /** A sync is to be finished so many ns from now. */
  | { readonly did: 'begin-sync'; readonly sync: number; readonly delay: number };
