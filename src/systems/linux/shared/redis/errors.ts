import { CONNECTION_ERRORS, type KnownError } from '../../../../world/error-table.ts';

/** What Redis or its client may say instead of an answer. Whatever is not here leaves the outcome of a write open. */
export const REDIS_ERRORS: readonly KnownError[] = [
  { match: /^READONLY/, name: 'readonly', definite: true },
  { match: /^LOADING/, name: 'loading', definite: true },
  { match: /^MASTERDOWN/, name: 'masterdown', definite: true },
  { match: /^NOREPLICAS/, name: 'noreplicas', definite: true },
  { match: /^CLUSTERDOWN/, name: 'clusterdown', definite: true },
  { match: /^(MOVED|ASK) /, name: 'moved', definite: true },
  { match: /^TRYAGAIN/, name: 'tryagain', definite: true },
  { match: /^MISCONF/, name: 'misconf', definite: true },
  // The primary was made a replica while the command waited: it may have taken effect before.
  { match: /^UNBLOCKED/, name: 'unblocked', definite: false },
  { match: 'no primary is known', name: 'no-primary', definite: true },
  { match: 'connect ETIMEDOUT', name: 'connect-timeout', definite: true },
  { match: "Stream isn't writeable", name: 'not-connected', definite: true },
  { match: 'Connection is closed', name: 'connection-closed', definite: false },
  ...CONNECTION_ERRORS,
];
