import type { NodeId } from '../../../../faults/fault.ts';

/** An update as its replica gets it. */
export interface Update {
  readonly f: string;
  readonly key: string;
  readonly value: unknown;
  /** The replica that takes it, and its number among that replica's updates: no two updates have both alike. */
  readonly origin: NodeId;
  readonly number: number;
}
