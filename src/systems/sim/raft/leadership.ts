import { proposeChange } from './autopilot.ts';
import { NOOP } from './entry.ts';
import { lastIndex } from './log.ts';
import { type Progress, quorumHeardAt, type RaftNode } from './node.ts';
import { sendHeartbeats } from './replication.ts';
import { follow } from './role.ts';
import { propose } from './write-log.ts';

/** Takes the lead in the current term (figure 3.1, rules for leaders). */
export function lead(node: RaftNode): void {
  const { context, log, bugs } = node;
  node.role = 'leader';
  node.leader = context.id;
  const now = context.monotonic();
  const next = lastIndex(log) + 1;
  const progress = context.peers.map(
    (peer): Progress => ({
      peer,
      mode: 'replicate',
      next,
      match: 0,
      round: 0,
      heardAt: now,
      installSentAt: Number.NEGATIVE_INFINITY,
    }),
  );
  // Whoever believes that counting replicas commits an earlier term's entries sees no need for a no-op.
  const firstIndex = bugs['commit-earlier-term'] ? next - 1 : propose(node, NOOP).index;
  node.leadership = {
    firstIndex,
    progress: new Map(progress.map((p) => [p.peer, p])),
    pending: new Map(),
    reads: [],
    round: 0,
    confirmedRound: 0,
  };
  context.trace({ role: 'leader', term: node.term });
  onHeartbeatTimer(node);
}

/** Lets itself be heard, looks after the membership, and gives up when it has long heard no majority (§6.2). */
export function onHeartbeatTimer(node: RaftNode): void {
  if (node.leadership === null) return;
  const { context, settings } = node;
  const now = context.monotonic();
  const removed = !node.voters.includes(context.id) && node.votersIndex <= node.commitIndex;
  if (removed || now - quorumHeardAt(node, now) > settings['step-down-after']) {
    follow(node, null);
    return;
  }
  proposeChange(node, now);
  sendHeartbeats(node);
  context.setTimer('heartbeat', settings.heartbeat);
}
