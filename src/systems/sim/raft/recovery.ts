import type { NodeId } from '../../../faults/fault.ts';
import type { Disk } from '../../../world/node-program.ts';
import { LOG_FILE } from './journal.ts';
import { emptyLog, type Log, restartLog, termAt } from './log.ts';
import type { Snapshot } from './messages.ts';
import { CorruptionError, parseLogFile } from './records.ts';
import { parseSnapshot, SNAPSHOT_FILE } from './snapshot-file.ts';

/** What a node remembers when it starts. */
export interface Recovered {
  readonly term: number;
  readonly votedFor: NodeId | null;
  readonly log: Log;
  readonly snapshot: Snapshot | null;
}

/**
 * Reads what an earlier life left on the disk; null if nothing. It may be unsynced still, so nothing that follows from
 * it may be promised before a sync. Throws a `CorruptionError` when synced data are damaged.
 */
export function recover(disk: Disk): Recovered | null {
  const logText = disk.read(LOG_FILE);
  const snapshotText = disk.read(SNAPSHOT_FILE);
  if (logText === null && snapshotText === null) return null;
  if (logText === null) throw new CorruptionError('log: missing, though there is a snapshot');
  const { term, votedFor, log } = parseLogFile(logText);
  const snapshot = snapshotText === null ? null : parseSnapshot(snapshotText);
  const { index: covered, term: coveredTerm } = snapshot ?? { index: 0, term: 0 };
  if (log.baseIndex > covered)
    throw new CorruptionError(`log: begins after ${log.baseIndex}, but the snapshot ends at ${covered}`);
  // A crash came between a snapshot from the leader and the new log: finish what was begun (figure 5.3, rules 6 and 7).
  if (termAt(log, covered) !== coveredTerm) restartLog(log, covered, coveredTerm);
  return { term, votedFor, log, snapshot };
}

/** What a node knows that starts for the first time. */
export function nothingRecovered(): Recovered {
  return { term: 0, votedFor: null, log: emptyLog(), snapshot: null };
}
