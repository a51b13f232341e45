import { CONNECTION_ERRORS, type KnownError } from '../../../world/error-table.ts';

/** What PostgreSQL (by its error codes) or its client may say. Whatever is not here leaves the outcome open. */
export const ERRORS: readonly KnownError[] = [
  { match: '40001', name: 'serialization-failure', definite: true },
  { match: '40P01', name: 'deadlock', definite: true },
  { match: '25006', name: 'read-only', definite: true },
  { match: '57P03', name: 'starting-up', definite: true },
  { match: '53300', name: 'too-many-connections', definite: true },
  { match: '53100', name: 'disk-full', definite: true },
  // The server went down, perhaps after the commit.
  { match: '57P01', name: 'shutdown', definite: false },
  { match: '57P02', name: 'crash', definite: false },
  { match: 'timeout expired', name: 'connect-timeout', definite: true },
  { match: 'no primary is known', name: 'no-primary', definite: true },
  { match: 'Connection terminated', name: 'connection-terminated', definite: false },
  { match: 'not queryable', name: 'not-connected', definite: true },
  ...CONNECTION_ERRORS,
];
