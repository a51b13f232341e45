import { HistoryFileError } from '../../histories/history-file-error.ts';
import { StartError } from '../world/start-error.ts';
import { UsageError } from '../world/usage-error.ts';

/** Whether it is the user who can mend it, so that the message is all they need. */
export function isUsage(error: unknown): error is UsageError | HistoryFileError {
  return error instanceof UsageError || error instanceof HistoryFileError;
}

/** Who can mend what made a run crash: the user, who asked for what can't be; whoever set the servers up; more memory; or we. */
export type Blame = 'user' | 'servers' | 'machine' | 'momus';

export function blameOf(error: unknown): Blame {
  if (isUsage(error)) return 'user';
  return error instanceof StartError ? 'servers' : 'momus';
}

/** The message alone where that is all one needs; for what should never happen the stack too, and what caused it. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (blameOf(error) !== 'momus') return error.message;
  const cause = error.cause === undefined ? '' : `\ncaused by: ${describeError(error.cause)}`;
  return `${error.stack ?? error.message}${cause}`;
}
