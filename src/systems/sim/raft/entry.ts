import type { NodeId } from '../../../faults/fault.ts';
import type { Operation } from '../shared/state-machine.ts';

/** What a log entry stands for. */
export type Body =
  /** Nothing: the first entry of a leader's term (Ongaro 2014, §6.4). */
  | { readonly type: 'noop' }
  /** The members from here on: they count as soon as the entry is in a log, committed or not (§4.1). */
  | { readonly type: 'members'; readonly voters: readonly NodeId[] }
  /** A client's request; `sequence` counts that client's requests, so that a retried one is recognised (§6.3). */
  | {
      readonly type: 'command';
      readonly client: string;
      readonly sequence: number;
      readonly operation: Operation;
    };

/** One entry of the replicated log. Immutable: nodes share it. */
export interface Entry {
  readonly index: number;
  readonly term: number;
  readonly body: Body;
}

export const NOOP: Body = { type: 'noop' };
