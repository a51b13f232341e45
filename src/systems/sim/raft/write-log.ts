import type { Body, Entry } from './entry.ts';
import { recordCut, recordEntry } from './journal.ts';
import { lastIndex, truncateFrom } from './log.ts';
import { findMembers, noteMembers } from './members.ts';
import type { RaftNode } from './node.ts';

/** Adds an entry at the end of the log; it is safe here once `journal.durableIndex` has reached it. */
export function appendEntry(node: RaftNode, entry: Entry): void {
  node.log.entries.push(entry);
  recordEntry(node.journal, entry);
  noteMembers(node, entry);
}

/** A leader's own new entry. */
export function propose(node: RaftNode, body: Body): Entry {
  const entry: Entry = { index: lastIndex(node.log) + 1, term: node.term, body };
  appendEntry(node, entry);
  return entry;
}

/** Removes the entry at `index` and all that follow. On disk, the next entry written there says the same. */
export function cutLog(node: RaftNode, index: number): void {
  truncateFrom(node.log, index);
  recordCut(node.journal, index);
  if (node.votersIndex >= index) findMembers(node);
}
