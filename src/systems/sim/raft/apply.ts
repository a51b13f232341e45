import type { Reply } from '../shared/log-client.ts';
import { performOnce } from '../shared/sessions.ts';
import { perform } from '../shared/state-machine.ts';
import type { Entry } from './entry.ts';
import { entryAt, lastIndex } from './log.ts';
import type { RaftNode } from './node.ts';
import { takeSnapshot } from './snapshot.ts';

/** Applies what is committed and not applied yet, and answers those who wait for it (figure 3.1, rules for all servers). */
export function applyCommitted(node: RaftNode): void {
  const eager = node.bugs['apply-before-commit'] && node.role === 'leader';
  const upTo = Math.min(eager ? node.journal.durableIndex : node.commitIndex, lastIndex(node.log));
  while (node.appliedIndex < upTo) {
    node.appliedIndex++;
    apply(node, entryAt(node.log, node.appliedIndex));
    if (node.appliedIndex - (node.snapshot?.index ?? 0) >= node.settings['snapshot-every'])
      takeSnapshot(node);
  }
}

function apply(node: RaftNode, { index, body }: Entry): void {
  if (body.type !== 'command') return;
  const { machine, sessions } = node.state;
  const { client, sequence, operation } = body;
  const answer = performOnce(sessions, client, sequence, () => perform(machine, operation));
  const pending = node.leadership?.pending;
  const request = pending?.get(index);
  if (request === undefined) return;
  pending!.delete(index);
  // A client that has gone on to its next request expects no answer to this one.
  if (answer !== null) node.context.reply(request, answer satisfies Reply);
}
