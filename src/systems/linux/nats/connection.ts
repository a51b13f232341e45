import type { NatsConnection } from 'nats';
import type { NodeSite, NpmPackage } from '../../../world/process-deployment.ts';

export const NATS: NpmPackage = { name: 'nats', version: '2.29.3' };

export const CLIENT_PORT = 4222;

/** How long a connection may take to come about (ms): within one network, an age. */
const CONNECT_TIMEOUT = 3_000;

/** An open connection to one server, which stays with it and is over when it breaks. */
export async function connect({ address }: NodeSite): Promise<NatsConnection> {
  const nats = await import('nats');
  return nats.connect({
    servers: `${address}:${CLIENT_PORT}`,
    reconnect: false,
    ignoreClusterUpdates: true,
    timeout: CONNECT_TIMEOUT,
    noAsyncTraces: true,
  });
}

/** What the server says no to a request with. */
export class JetStreamError extends Error {
  /** JetStream's own number of the error. */
  readonly code: string;

  constructor({ err_code: code, description }: ErrorAnswer) {
    super(`JetStream: ${description}`);
    this.code = String(code);
  }
}

interface ErrorAnswer {
  readonly err_code: number;
  readonly description: string;
}

/**
 * Sends one request and gives the answer, JSON both. JetStream's interface is nothing but such requests; the library's
 * own layer over it would try again by itself.
 */
export async function ask<T>(
  connection: NatsConnection,
  subject: string,
  request: unknown,
  {
    timeout,
    headers = {},
  }: { readonly timeout: number; readonly headers?: Readonly<Record<string, string>> },
): Promise<T> {
  const nats = await import('nats');
  const sent = nats.headers();
  for (const [name, value] of Object.entries(headers)) sent.set(name, value);
  const answer = await connection.request(subject, JSON.stringify(request), { timeout, headers: sent });
  const result = answer.json<T & { readonly error?: ErrorAnswer }>();
  if (result.error !== undefined) throw new JetStreamError(result.error);
  return result;
}
