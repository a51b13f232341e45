import { CONNECTION_ERRORS, type KnownError } from '../../../world/error-table.ts';
import type { NodeSite } from '../../../world/process-deployment.ts';

export const PORT = 2379;

/** What Antietcd answers instead of a result. Whatever is not here leaves the outcome of a write open. */
export const ERRORS: readonly KnownError[] = [
  { match: 'Quorum not available', name: 'no-quorum', definite: true },
  { match: 'Leader is unavailable', name: 'no-leader', definite: true },
  { match: 'Replication failed', name: 'replication-failed', definite: false },
  { match: 'Peer connection is lost', name: 'peer-lost', definite: false },
  { match: 'Server is stopping', name: 'stopping', definite: false },
  ...CONNECTION_ERRORS,
];

/** Asks the HTTP interface, which is a part of etcd's. Throws an `Error` that bears the server's message. */
export async function ask<T>(
  { address }: NodeSite,
  method: string,
  request: object,
  signal?: AbortSignal,
): Promise<T> {
  const response = await fetch(`http://${address}:${PORT}/v3/${method}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(request),
    ...(signal === undefined ? {} : { signal }),
  });
  const answer = await response.text();
  if (!response.ok) throw new Error(answer.trim() || `HTTP ${response.status}`);
  return JSON.parse(answer) as T;
}

export interface RangeAnswer {
  readonly kvs?: readonly { readonly value: string; readonly mod_revision: number }[];
}

export interface TxnAnswer {
  readonly succeeded: boolean;
}

export function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

/** The values that were found. */
export function valuesOf({ kvs = [] }: RangeAnswer): unknown[] {
  return kvs.map(({ value }) => JSON.parse(Buffer.from(value, 'base64').toString()));
}
