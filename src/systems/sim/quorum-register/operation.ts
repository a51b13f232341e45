import type { NodeId } from '../../../faults/fault.ts';
import type { Nanos } from '../../../world/nanos.ts';
import type { RequestId } from '../../../world/node-program.ts';
import type { Query } from '../shared/request-client.ts';
import type { Timestamp } from '../shared/timestamp.ts';
import { type KeyedVersion, NO_VERSION } from '../shared/versions.ts';

/** One read, write or deletion under way at its coordinator. */
export interface Operation {
  readonly id: string;
  readonly request: RequestId;
  readonly key: string;
  /** What to write; null: this is a read. */
  readonly write: { readonly value: unknown } | null;
  /** By the coordinator's monotonic clock. */
  readonly began: Nanos;
  /** First the latest version is asked for, then a version is stored. */
  phase: 'query' | 'store';
  /** Whom the present phase asks. */
  asked: readonly NodeId[];
  /** Who has answered in this phase, and in the query phase with which timestamp. */
  answered: Map<NodeId, Timestamp>;
  /** The latest version seen; in the store phase the one to store. */
  version: KeyedVersion;
}

/** A request names its operation: no node meets the same one twice, not even after a restart. */
export function newOperation(
  request: RequestId,
  query: Query,
  asked: readonly NodeId[],
  began: Nanos,
): Operation {
  const key = String(query.key);
  return {
    id: `${request.client}.${request.id}`,
    request,
    key,
    // A deletion is a write of nothing, with a timestamp like any other: a tombstone.
    write: query.f === 'read' ? null : { value: query.f === 'delete' ? null : query.value },
    began,
    phase: 'query',
    asked,
    answered: new Map(),
    version: { key, ...NO_VERSION },
  };
}
