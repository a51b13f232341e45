import type { Reply } from '../log-client.ts';
import type { PaxosNode } from './node.ts';

/** Begins to wait anew for a leader, between one lease and two. */
export function waitForLeader({ context, settings }: PaxosNode): void {
  context.setTimer('election', context.random.between(settings.lease, 2 * settings.lease));
}

/** Somebody has got a higher ballot: whoever led or wanted to lead doesn't any more. */
export function resign(node: PaxosNode): void {
  const { leadership, output, context } = node;
  node.leader = null;
  node.candidacy = null;
  if (leadership === null) return;
  node.leadership = null;
  context.cancelTimer('heartbeat');
  waitForLeader(node);
  // What they asked for may yet be chosen by the next leader.
  for (const request of leadership.pending.values())
    output.reply(request, { type: 'unknown' } satisfies Reply);
  context.trace({ role: 'follower', ballot: leadership.ballot });
}
