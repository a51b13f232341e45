import type { History } from '../../histories/history.ts';
import type { Nanos } from '../../histories/op.ts';
import { identity } from '../identity.ts';
import { malformed } from '../malformed.ts';
import { type LastLog, lastLogs } from '../node-logs.ts';
import { operationsOf } from '../operations.ts';

/** What one general says that he decided. */
export interface Decisions extends LastLog {
  /** By the identity of what was decided on. */
  readonly of: ReadonlyMap<unknown, { readonly subject: unknown; readonly decision: unknown }>;
}

/** The decisions of each node, from its last `log`: a list of [what was decided on, the decision]. */
export function decisionsOf(history: History, within: Nanos): Decisions[] {
  const logs = lastLogs(history, operationsOf(history), within);
  return logs.map((log) => ({ ...log, of: entriesOf(history, log) }));
}

function entriesOf(history: History, { read }: LastLog): Decisions['of'] {
  const { result, event } = read;
  const isPair = (entry: unknown): entry is [unknown, unknown] => Array.isArray(entry) && entry.length === 2;
  if (!Array.isArray(result) || !result.every(isPair))
    throw malformed(history, event, 'a list of [subject, decision]');
  return new Map(result.map(([subject, decision]) => [identity(subject), { subject, decision }]));
}
