import type { Ballot } from '../synod/ballot.ts';
import type { Accepted } from './messages.ts';
import type { PaxosNode } from './node.ts';

export const FILE = 'log';

/** What stands in the file: a promise, or what was accepted for a slot; of two for one slot the later holds. */
export type LogRecord =
  | { readonly promised: Ballot }
  /** `known`: up to there every slot's last record was known to be chosen when this was written. */
  | (Accepted & { readonly known: number });

export function recordPromise({ output, promised }: PaxosNode): void {
  output.record({ promised } satisfies LogRecord);
}

export function recordAccepted({ output, applied }: PaxosNode, accepted: Accepted): void {
  output.record({ ...accepted, known: applied } satisfies LogRecord);
}
