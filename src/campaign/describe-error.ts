import { HistoryFileError } from '../../histories/history-file-error.ts';
import { UsageError } from '../world/usage-error.ts';

/** Whether it is the user who can mend it, so that the message is all they need. */
export function isUsage(error: unknown): error is UsageError | HistoryFileError {
  return error instanceof UsageError || error instanceof HistoryFileError;
}

/** The message for a user's mistake; for anything else the stack too, and what caused it. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (isUsage(error)) return error.message;
  const cause = error.cause === undefined ? '' : `\ncaused by: ${describeError(error.cause)}`;
  return `${error.stack ?? error.message}${cause}`;
}
