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
  const last = lastIndex(node.log);
  let message: Append | null = null;
  for (const progress of node.leadership!.progress.values()) {
    if (progress.mode !== 'replicate' || progress.next > last) continue;
    if (progress.next - progress.match > WINDOW) continue;
    message = sendAppend(node, progress, message);
  }
}

/** Lets every other node hear of the leader, with whatever it lacks (figure 3.1, rules for leaders). */
export function sendHeartbeats(node: RaftNode): void {
  let message: Append | null = null;
  for (const progress of node.leadership!.progress.values()) message = sendAppend(node, progress, message);
}

/** Sends one AppendEntries, or the snapshot; takes `alike`, sent to another node, if it says the same. Returns it. */
function sendAppend(node: RaftNode, progress: Progress, alike: Append | null): Append | null {
  if (progress.next <= node.log.baseIndex) progress.mode = 'install';
  if (progress.mode === 'install' && sendSnapshot(node, progress)) return alike;
  const prevIndex = progress.mode === 'install' ? node.log.baseIndex : progress.next - 1;
  const full = progress.mode === 'install' || progress.next - progress.match > WINDOW;
  let message = alike;
  if (message === null || message.prevIndex !== prevIndex || full) {
    message = {
      type: 'append',
      term: node.term,
      prevIndex,
      prevTerm: termAt(node.log, prevIndex),
      entries:
        full || prevIndex === lastIndex(node.log) ? NO_ENTRIES : entriesFrom(node.log, progress.next, BATCH),
      commit: node.commitIndex,
      round: node.leadership!.round,
    };
  }
  node.context.send(progress.peer, message);
  // Optimistically: what gets lost is found out by the next consistency check (§10.2.1 on pipelining).
  if (progress.mode === 'replicate') progress.next += message.entries.length;
  return full ? alike : message;
}

/** Sends the snapshot unless that was done a moment ago (§5.2). */
function sendSnapshot(node: RaftNode, progress: Progress): boolean {
  const now = node.context.monotonic();
  if (now - progress.installSentAt < INSTALL_AGAIN) return false;
  progress.installSentAt = now;
  node.context.send(progress.peer, { type: 'install', term: node.term, snapshot: node.snapshot! });
  return true;
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
  else refused(node, progress, message);
  return progress.match > match;
}

function accepted(node: RaftNode, progress: Progress, index: number): void {
  if (index > progress.match) progress.match = index;
  if (index >= progress.next) progress.next = index + 1;
  // What it has on disk may still trail what it was sent, so an answer alone doesn't end a probe or an installation.
  if (progress.mode !== 'replicate' && progress.match + 1 >= progress.next) progress.mode = 'replicate';
  if (progress.mode === 'replicate' && progress.next <= lastIndex(node.log)) sendAppend(node, progress, null);
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
