import type { Fault } from '../faults/fault.ts';
import type { Nanos } from '../world/nanos.ts';

/**
 * What clients and the nemesis do, move by move, in place of what the workload and the nemeses would draw: so a schedule
 * can be cut down, changed and kept. What follows the healing (final reads) is still the workload's affair.
 */
export interface Script {
  /** In the order of their times; absent: the workload draws them. */
  readonly operations?: readonly ScriptedOperation[] | undefined;
  readonly faults: readonly ScriptedFault[];
  /**
   * Whether the chance of a message follows from its link and the moment alone, so that what is left out of the script
   * changes nothing but what follows from it; absent: it does not.
   */
  readonly steady?: boolean | undefined;
}

/** A script that leaves nothing to be drawn. */
export interface WholeScript extends Script {
  readonly operations: readonly ScriptedOperation[];
}

/** An operation of a client, which begins at its time or as soon after as its thread is free. */
export interface ScriptedOperation {
  readonly at: Nanos;
  readonly thread: number;
  readonly f: string;
  readonly value: unknown;
  readonly key?: string | number | undefined;
  readonly node?: string | undefined;
}

/** A fault or a repair, at its time. */
export type ScriptedFault = Fault & { readonly at: Nanos };
