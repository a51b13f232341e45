import type { History } from '../../histories/history.ts';
import { identity } from '../identity.ts';
import { malformed } from '../malformed.ts';
import { type LastLog, lastLogs } from '../node-logs.ts';
import { type Operation, operationsOf } from '../operations.ts';

/** What one general says that he decided. */
export interface Decisions {
  readonly node: string;
  /** The `log` operation that says so. */
  readonly read: Operation;
  /** Whether all was over by then: what he had not decided on, he never will. */
  readonly final: boolean;
  /** By the identity of what was decided on. */
  readonly of: ReadonlyMap<unknown, { readonly subject: unknown; readonly decision: unknown }>;
}

/** The decisions of each node, from its last `log`: a list of [what was decided on, the decision]. */
export function decisionsOf(history: History): Decisions[] {
  return lastLogs(history, operationsOf(history)).map((log) => ({ ...log, of: entriesOf(history, log) }));
}

function entriesOf(history: History, { read }: LastLog): Decisions['of'] {
  const { result, event } = read;
  const isPair = (entry: unknown): entry is [unknown, unknown] => Array.isArray(entry) && entry.length === 2;
  if (!Array.isArray(result) || !result.every(isPair))
    throw malformed(history, event, 'a list of [subject, decision]');
  return new Map(result.map(([subject, decision]) => [identity(subject), { subject, decision }]));
}
