import type { NodeId } from '../../../faults/fault.ts';
import type { Completion } from '../../../world/client.ts';
import type { RequestId } from '../../../world/node-program.ts';
import type { Query } from '../shared/request-client.ts';
import { NO_VERSION, type Version } from '../shared/versions.ts';

/** A client's operation under way. */
export interface Operation {
  /** Unique: also the name that its value goes by in decisions. */
  readonly id: string;
  readonly request: RequestId;
  readonly key: string;
  readonly query: Query;
  /** `query`: a majority is asked for the latest version; `decide`: the next one is decided; `store`: a majority stores. */
  phase: 'query' | 'decide' | 'store';
  /** Who has answered in this phase. */
  answered: Set<NodeId>;
  /** The latest version that it knows of. */
  version: Version;
  /** What the client hears when a majority has stored that version. */
  outcome: Completion | null;
  retries: number;
}

export function newOperation(request: RequestId, query: Query): Operation {
  return {
    id: `${request.client}.${request.id}`,
    request,
    key: String(query.key),
    query,
    phase: 'query',
    answered: new Set(),
    version: NO_VERSION,
    outcome: null,
    retries: 0,
  };
}

/** What an operation does to the version that it has found: it answers, or wants a value to be the next version. */
export type Step = { readonly outcome: Completion } | { readonly next: unknown };

export function stepFrom({ query: { f, value } }: Operation, found: unknown): Step {
  if (f === 'read') return { outcome: { type: 'ok', value: found } };
  if (f === 'write') return { next: value };
  const [from, to] = value as readonly [unknown, unknown];
  return found === from ? { next: to } : { outcome: { type: 'fail', error: 'mismatch' } };
}
