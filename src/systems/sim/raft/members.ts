import type { NodeId } from '../../../faults/fault.ts';
import type { Entry } from './entry.ts';
import { entryAt, lastIndex } from './log.ts';
import type { RaftNode } from './node.ts';

/** A configuration counts from the moment that it is in the log (Ongaro 2014, §4.1). */
export function noteMembers(node: RaftNode, { index, body }: Entry): void {
  if (body.type !== 'members') return;
  node.voters = body.voters;
  node.votersIndex = index;
}

/** Goes back to the latest configuration that is left, when entries were removed or replaced by a snapshot. */
export function findMembers(node: RaftNode): void {
  const { voters, index } = membersAsOf(node, lastIndex(node.log));
  node.voters = voters;
  node.votersIndex = index;
}

/** The configuration that held at `index`, no earlier than the snapshot, and the entry that made it. */
export function membersAsOf(node: RaftNode, index: number): { voters: readonly NodeId[]; index: number } {
  const { log, snapshot, context } = node;
  for (let i = index; i > log.baseIndex; i--) {
    const { body } = entryAt(log, i);
    if (body.type === 'members') return { voters: body.voters, index: i };
  }
  if (snapshot !== null) return { voters: snapshot.voters, index: snapshot.index };
  // A cluster begins with all of its nodes.
  return { voters: [context.id, ...context.peers].sort(), index: 0 };
}
