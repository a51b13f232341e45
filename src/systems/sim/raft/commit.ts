import { termAt } from './log.ts';
import { type Progress, quorumReached, type RaftNode } from './node.ts';

const matchOf = (progress: Progress): number => progress.match;

/** As leader: commits what a majority has on disk, itself included only as far as its own disk goes (§3.5). */
export function advanceCommit(node: RaftNode): void {
  const index = quorumReached(node, node.journal.durableIndex, matchOf);
  if (index <= node.commitIndex) return;
  // Entries of earlier terms are committed only by one of this term that follows them (§3.6.2, figure 3.7).
  if (termAt(node.log, index) !== node.term && !node.bugs['commit-earlier-term']) return;
  node.commitIndex = index;
}
