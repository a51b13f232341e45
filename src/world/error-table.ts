import type { Completion } from './client.ts';

/** An error that a client library may give, and what it says about the operation. */
export interface KnownError {
  /** What its code is, or its message contains. */
  readonly match: string | RegExp;
  /** How the history calls it. */
  readonly name: string;
  /** Whether the operation surely had no effect. */
  readonly definite: boolean;
}

/** What sockets and Node's `fetch` say; a system adds its own errors before these. */
export const CONNECTION_ERRORS: readonly KnownError[] = [
  { match: 'ECONNREFUSED', name: 'connection-refused', definite: true },
  { match: 'UND_ERR_CONNECT_TIMEOUT', name: 'connect-timeout', definite: true },
  { match: 'ECONNRESET', name: 'connection-reset', definite: false },
  { match: 'EPIPE', name: 'connection-reset', definite: false },
  { match: 'UND_ERR_SOCKET', name: 'connection-reset', definite: false },
  { match: 'ETIMEDOUT', name: 'connection-timeout', definite: false },
  { match: 'EHOSTUNREACH', name: 'unreachable', definite: false },
  { match: 'ENETUNREACH', name: 'unreachable', definite: false },
];

/**
 * How an operation ended that threw: by the first entry of the table that the error, or an error behind it, matches;
 * an error that nobody knows leaves the outcome open. An operation that only reads has no effect, whatever happened.
 */
export function failedBy(
  error: unknown,
  table: readonly KnownError[],
  { reads = false }: { readonly reads?: boolean } = {},
): Completion {
  const chain = [...errorsBehind(error)];
  const known = table.find(({ match }) => chain.some((one) => matches(one, match)));
  const type = reads || known?.definite === true ? 'fail' : 'info';
  return { type, error: known?.name ?? chain.map(({ message }) => message).join(': ') };
}

interface PlainError {
  readonly code: string;
  readonly message: string;
}

function* errorsBehind(error: unknown): Generator<PlainError> {
  if (typeof error !== 'object' || error === null) return yield { code: '', message: String(error) };
  const { code, message, cause, errors } = error as Record<string, unknown>;
  yield { code: String(code ?? ''), message: String(message ?? error) };
  if (cause !== undefined) yield* errorsBehind(cause);
  if (Array.isArray(errors)) for (const one of errors) yield* errorsBehind(one);
}

function matches({ code, message }: PlainError, match: string | RegExp): boolean {
  if (typeof match !== 'string') return match.test(code) || match.test(message);
  return code === match || message.includes(match);
}
