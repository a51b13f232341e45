import { CONNECTION_ERRORS, type KnownError } from '../../../world/error-table.ts';
import type { NodeSite } from '../../../world/process-deployment.ts';

export const CLIENT_PORT = 2379;

/** What etcd answers instead of a result. Whatever is not here leaves the outcome of a write open. */
export const ERRORS: readonly KnownError[] = [
  { match: 'request timed out', name: 'timed-out', definite: false },
  { match: 'leader changed', name: 'leader-changed', definite: false },
  { match: 'server stopped', name: 'stopped', definite: false },
  { match: 'too many requests', name: 'too-many-requests', definite: true },
  { match: 'database space exceeded', name: 'no-space', definite: true },
  { match: 'requested lease not found', name: 'lease-not-found', definite: true },
  ...CONNECTION_ERRORS,
];

export function urlOf({ address }: NodeSite): string {
  return `http://${address}:${CLIENT_PORT}`;
}

/** Asks the HTTP gateway of the gRPC interface, version 3. Throws an `Error` that bears etcd's message. */
export async function ask<T>(
  node: NodeSite,
  method: string,
  request: object,
  signal?: AbortSignal,
): Promise<T> {
  const response = await fetch(`${urlOf(node)}/v3/${method}`, {
    method: 'POST',
    body: JSON.stringify(request),
    ...(signal === undefined ? {} : { signal }),
  });
  const answer = (await response.json()) as T & { readonly error?: string; readonly message?: string };
  if (response.ok) return answer;
  throw new Error(answer.message ?? answer.error ?? `HTTP ${response.status}`);
}

/** A key with its value; numbers are texts in JSON. */
export interface KeyValue {
  readonly key: string;
  readonly value?: string;
  readonly mod_revision: string;
}

export interface RangeAnswer {
  readonly kvs?: readonly KeyValue[];
}

export interface TxnAnswer {
  readonly header: { readonly revision: string };
  /** Absent where it is false. */
  readonly succeeded?: boolean;
  readonly responses?: readonly { readonly response_range?: RangeAnswer }[];
}

export function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

export function unbase64(text: string): string {
  return Buffer.from(text, 'base64').toString();
}

/** What is stored under a key, as JSON; null where there is nothing. */
export function storedValue(answer: RangeAnswer | undefined): unknown {
  const value = answer?.kvs?.[0]?.value;
  return value === undefined ? null : JSON.parse(unbase64(value));
}

/** The revision that last changed a key; 0 where there is none. */
export function revisionOf(answer: RangeAnswer | undefined): string {
  return answer?.kvs?.[0]?.mod_revision ?? '0';
}

/** Parts of a transaction. */
export const put = (key: string, value: unknown, lease?: string) => ({
  request_put: { key: base64(key), value: base64(JSON.stringify(value)), ...(lease && { lease }) },
});
export const range = (key: string, serializable = false) => ({
  request_range: { key: base64(key), serializable },
});
export const unchangedSince = (key: string, revision: string) => ({
  key: base64(key),
  target: 'MOD',
  result: 'EQUAL',
  mod_revision: revision,
});
export const holds = (key: string, value: unknown) => ({
  key: base64(key),
  target: 'VALUE',
  result: 'EQUAL',
  value: base64(JSON.stringify(value)),
});
