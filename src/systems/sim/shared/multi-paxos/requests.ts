import type { RequestId } from '../../../../world/node-program.ts';
import type { Query, Reply } from '../log-client.ts';
import { isReadOnly } from '../state-machine.ts';
import { propose } from './leader.ts';
import { holdsLease } from './lease.ts';
import type { PaxosNode } from './node.ts';

/** A client's request: only a leader serves it, through the log, or under its lease if it only reads. */
export function onQuery(node: PaxosNode, request: RequestId, query: Query): void {
  const { leadership, leader, output, sessions } = node;
  const { client, sequence, operation } = query;
  if (leadership === null) {
    output.reply(request, { type: 'not-leader', leader } satisfies Reply);
    return;
  }
  if (isReadOnly(operation) && mayReadAtOnce(node)) {
    output.reply(request, node.machine.perform(operation) satisfies Reply);
    return;
  }
  const done = sessions.get(client);
  if (done !== undefined && done.sequence >= sequence) {
    if (done.sequence === sequence) output.reply(request, done.answer satisfies Reply);
    return;
  }
  propose(node, { type: 'command', client, sequence, operation }, request);
}

/** Nobody else can lead yet, and all that earlier leaders had decided is applied. */
function mayReadAtOnce(node: PaxosNode): boolean {
  const byLease = node.settings.reads === 'lease' || node.bugs.has('lease-by-wall-clock');
  return byLease && holdsLease(node) && node.applied >= node.leadership!.firstFree - 1;
}
