import type { RequestId } from '../../../world/node-program.ts';
import type { Query, Reply } from '../shared/log-client.ts';
import { isReadOnly } from '../shared/state-machine.ts';
import type { RaftNode } from './node.ts';
import { beginRead } from './read-index.ts';
import { propose } from './write-log.ts';

/** A client's request: only a leader serves it, reads beside the log and all else through it. */
export function onQuery(node: RaftNode, request: RequestId, query: Query): void {
  const { leadership, leader, context } = node;
  const { client, sequence, operation } = query;
  if (leadership === null) {
    context.reply(request, { type: 'not-leader', leader } satisfies Reply);
    return;
  }
  if (isReadOnly(operation)) {
    beginRead(node, request, operation);
    return;
  }
  const done = node.state.sessions.get(client);
  if (done !== undefined && done.sequence >= sequence) {
    // A retry of what is committed and applied: the answer can't change any more, whoever leads.
    if (done.sequence === sequence) context.reply(request, done.answer satisfies Reply);
    return;
  }
  const { index } = propose(node, { type: 'command', client, sequence, operation });
  leadership.pending.set(index, request);
}
