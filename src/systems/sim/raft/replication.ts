import type { NodeId } from '../../../faults/fault.ts';
import { MILLISECOND } from '../../../world/nanos.ts';
import type { Entry } from './entry.ts';
import { entriesFrom, lastIndex, lastOfTerm, termAt } from './log.ts';
import type { Append, Appended } from './messages.ts';
import type { Progress, RaftNode } from './node.ts';

/** At most so many entries in one message. */
const BATCH = 64;
/** At most so many entries under way to one follower. */
const WINDOW = 256;
/** A snapshot that brought no answer is sent again after this. */
const INSTALL_AGAIN = 500 * MILLISECOND;

const NO_ENTRIES: readonly Entry[] = [];

/** Sends every other node what it lacks, if it may get more now. */
export function replicate(node: RaftNode): void {
  let message: Append | null = null;
  for (const progress of node.leadership!.progress.values())
    if (mayGetMore(node, progress)) message = sendAppend(node, progress, message);
}

/** Lets every other node hear of the leader, with whatever it lacks (figure 3.1, rules for leaders). */
export function sendHeartbeats(node: RaftNode): void {
  let message: Append | null = null;
  for (const progress of node.leadership!.progress.values()) message = sendAppend(node, progress, message);
}

function mayGetMore(node: RaftNode, progress: Progress): boolean {
  return progress.mode === 'replicate' && progress.next <= lastIndex(node.log) && hasRoom(progress);
}

function hasRoom({ next, match }: Progress): boolean {
  return next - match <= WINDOW;
}

/**
 * Sends one AppendEntries, or the snapshot. `alike` was sent to another node just now: it is sent again where it says
 * the same. Returns it, or the new one.
 */
function sendAppend(node: RaftNode, progress: Progress, alike: Append | null): Append | null {
  if (progress.next <= node.log.baseIndex) progress.mode = 'install';
  if (progress.mode === 'install') {
    install(node, progress);
    return alike;
  }
  const prevIndex = progress.next - 1;
  const room = hasRoom(progress);
  const message =
    room && alike?.prevIndex === prevIndex ? alike : appendAfter(node, prevIndex, room ? BATCH : 0);
  node.context.send(progress.peer, message);
  // Optimistically: what gets lost is found out by the next consistency check (§10.2.2).
  if (progress.mode === 'replicate') progress.next += message.entries.length;
  return room ? message : alike;
}

function appendAfter(node: RaftNode, prevIndex: number, limit: number): Append {
  const { term, log, commitIndex, leadership } = node;
  const entries =
    limit === 0 || prevIndex === lastIndex(log) ? NO_ENTRIES : entriesFrom(log, prevIndex + 1, limit);
  return {
    type: 'append',
    term,
    prevIndex,
    prevTerm: termAt(log, prevIndex),
    entries,
    commit: commitIndex,
    round: leadership!.round,
  };
}

/** Sends the snapshot, or a bare heartbeat when it was sent a moment ago (§5.2). */
function install(node: RaftNode, progress: Progress): void {
  const { context, term, log, snapshot } = node;
  const now = context.monotonic();
  if (now - progress.installSentAt < INSTALL_AGAIN) {
    context.send(progress.peer, appendAfter(node, log.baseIndex, 0));
    return;
  }
  progress.installSentAt = now;
  context.send(progress.peer, { type: 'install', term, snapshot: snapshot! });
}

/**
 * Takes note of a follower's answer to an AppendEntries or a snapshot, and sends it what it lacks still. True if more
 * of the log is known to be safe there.
 */
export function noteAnswer(node: RaftNode, from: NodeId, message: Appended): boolean {
  const progress = node.leadership!.progress.get(from)!;
  progress.heardAt = node.context.monotonic();
  if (message.round > progress.round) progress.round = message.round;
  const { match } = progress;
  if (message.ok) accepted(node, progress, message.index);
  else if (!node.bugs['never-resends']) refused(node, progress, message);
  return progress.match > match;
}

function accepted(node: RaftNode, progress: Progress, index: number): void {
  if (index > progress.match) progress.match = index;
  if (index >= progress.next) progress.next = index + 1;
  // What it has on disk may still trail what it was sent, so an answer alone doesn't end a probe or an installation.
  if (progress.mode !== 'replicate' && progress.match + 1 >= progress.next) progress.mode = 'replicate';
  if (mayGetMore(node, progress)) sendAppend(node, progress, null);
}

/** The logs part before `prevIndex`: goes back, a whole term at a time (§3.5, the optimization at its end). */
function refused(node: RaftNode, progress: Progress, message: Appended): void {
  const { index, conflictIndex, conflictTerm } = message;
  if (progress.mode === 'install' || index <= progress.match) return;
  if (progress.mode === 'probe' && index !== progress.next - 1) return;
  const ours = conflictTerm === 0 ? 0 : lastOfTerm(node.log, conflictTerm);
  const next = ours > 0 && ours < index ? ours + 1 : conflictIndex;
  progress.next = Math.max(progress.match + 1, Math.min(next, index));
  progress.mode = 'probe';
  sendAppend(node, progress, null);
}
