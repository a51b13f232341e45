import type { RequestId } from '../../../world/node-program.ts';
import type { Reply } from '../shared/log-client.ts';
import { type Operation, perform } from '../shared/state-machine.ts';
import { type Progress, quorumReached, type RaftNode } from './node.ts';
import { sendHeartbeats } from './replication.ts';

const roundOf = (progress: Progress): number => progress.round;

/**
 * A read that doesn't go through the log (Ongaro 2014, §6.4): it is answered from the state machine once a majority has
 * confirmed, in a round of heartbeats that began after the read came, that this node still leads. Reads that come
 * during a round share the next one.
 */
export function beginRead(node: RaftNode, request: RequestId, operation: Operation): void {
  if (node.bugs['stale-leader-read']) {
    answerRead(node, request, operation);
    return;
  }
  const leadership = node.leadership!;
  // Until an entry of its own term is committed, a leader doesn't know which of the earlier ones are.
  const index = Math.max(node.commitIndex, leadership.firstIndex);
  leadership.reads.push({ request, operation, index, round: leadership.round + 1 });
  if (leadership.confirmedRound === leadership.round) beginRound(node);
  // Alone it is a majority.
  if (node.voters.length === 1) confirmRounds(node);
}

/** As leader: takes note of rounds that a majority has confirmed, and answers the reads that waited for them. */
export function confirmRounds(node: RaftNode): void {
  const leadership = node.leadership!;
  if (leadership.reads.length === 0) return;
  leadership.confirmedRound = quorumReached(node, leadership.round, roundOf);
  answerReads(node);
  const { reads, round, confirmedRound } = leadership;
  if (confirmedRound === round && reads.length > 0 && reads[reads.length - 1]!.round > round)
    beginRound(node);
}

/** As leader: answers the reads whose round is confirmed and whose state is reached. */
export function answerReads(node: RaftNode): void {
  const { reads, confirmedRound } = node.leadership!;
  let answered = 0;
  for (const { request, operation, index, round } of reads) {
    if (round > confirmedRound || index > node.appliedIndex) break;
    answerRead(node, request, operation);
    answered++;
  }
  if (answered > 0) reads.splice(0, answered);
}

function beginRound(node: RaftNode): void {
  node.leadership!.round++;
  sendHeartbeats(node);
}

function answerRead(node: RaftNode, request: RequestId, operation: Operation): void {
  node.context.reply(request, perform(node.state.machine, operation) satisfies Reply);
}
