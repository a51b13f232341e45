import type { Lie } from './lie.ts';
import type { LinkPolicy } from './link.ts';

/** A node's name, `n1`, `n2` ...; a client's address in the simulated network is of the same type. */
export type NodeId = string;

/** Who refuses whom: for each receiving node, the senders whose packets no longer reach it (Jepsen's term). */
export type Grudge = Readonly<Record<NodeId, readonly NodeId[]>>;

/** One directed link: sender, receiver. */
export type Link = readonly [from: NodeId, to: NodeId];

/** How a cut link treats a packet: swallows it, or answers with a reset so that both ends notice. */
export type CutMode = 'drop' | 'reset';

/** What becomes of written but unsynced data when the power goes. */
export type UnsyncedFate = 'lost' | 'prefix' | 'torn';

/** Everything that can be done to a world, as plain data. Times in nanoseconds. */
export type Fault =
  /** Cuts the links of a grudge, besides those cut already. */
  | { readonly kind: 'network/cut'; readonly grudge: Grudge; readonly mode: CutMode }
  /** Undoes the cuts of a grudge, or every cut; shapes stay. */
  | { readonly kind: 'network/heal'; readonly grudge?: Grudge }
  /** Adds to what these links do to packets; of two shapes on one link the later wins, field by field. */
  | { readonly kind: 'network/shape'; readonly links: readonly Link[]; readonly policy: Partial<LinkPolicy> }
  /** Gives these links, or every link, their first policy back; cuts stay. */
  | { readonly kind: 'network/unshape'; readonly links?: readonly Link[] }
  /** Moves the wall clock, and not the monotonic one, by `by` nanoseconds. */
  | { readonly kind: 'clock/step'; readonly node: NodeId; readonly by: number }
  /** Makes the node's oscillator, so both its clocks and its timers, `ppm` parts in a million too fast. */
  | { readonly kind: 'clock/drift'; readonly node: NodeId; readonly ppm: number }
  /** For `lasts`, the wall clock jumps forth and back by `by` every `period`. */
  | {
      readonly kind: 'clock/strobe';
      readonly node: NodeId;
      readonly by: number;
      readonly period: number;
      readonly lasts: number;
    }
  /** True time and rate again. */
  | { readonly kind: 'clock/reset'; readonly node: NodeId }
  /**
   * Ends the process at once; what it wrote to its files survives, synced or not (SIGKILL). `forever`: nobody starts it
   * again, not even the healing at the end (crash-stop).
   */
  | { readonly kind: 'process/kill'; readonly node: NodeId; readonly forever?: boolean }
  /** Starts a dead process again with nothing but its disk; nothing happens to a live one. */
  | { readonly kind: 'process/start'; readonly node: NodeId }
  | { readonly kind: 'process/pause'; readonly node: NodeId }
  | { readonly kind: 'process/resume'; readonly node: NodeId }
  /** From now on the node lies to others, in one of these ways, about this part of its messages. */
  | {
      readonly kind: 'process/lie';
      readonly node: NodeId;
      readonly lies: readonly Lie[];
      readonly share: number;
    }
  /** It says what its program says again. */
  | { readonly kind: 'process/honest'; readonly node: NodeId }
  /** Power loss: ends the process, and what it had not synced is lost, cut to a prefix, or torn inside a record. */
  | { readonly kind: 'disk/lose-unsynced'; readonly node: NodeId; readonly fate: UnsyncedFate }
  /** Flips one bit of synced data in a file whose name contains `file`, anywhere if empty. */
  | { readonly kind: 'disk/bit-flip'; readonly node: NodeId; readonly file: string }
  /** Each write or fsync fails with EIO with this probability. */
  | { readonly kind: 'disk/eio'; readonly node: NodeId; readonly probability: number }
  /** Every write fails with ENOSPC. */
  | { readonly kind: 'disk/enospc'; readonly node: NodeId }
  /** An fsync takes this much longer. */
  | { readonly kind: 'disk/slow'; readonly node: NodeId; readonly fsync: number }
  /** The disk works well again; lost and flipped data stay so. */
  | { readonly kind: 'disk/heal'; readonly node: NodeId };

export type FaultKind = Fault['kind'];

/** A fault as an operation of the nemesis: its kind is the function, the rest of it the value. */
export function faultOfOp(f: string, value: unknown): Fault {
  return { kind: f, ...(value as object) } as Fault;
}
