import type { NodeId } from '../../../faults/fault.ts';
import { sealed, unsealed } from './checksum.ts';
import type { Snapshot } from './messages.ts';
import { CorruptionError } from './records.ts';

/** The file of the latest snapshot; `.new` beside it while one is being saved. */
export const SNAPSHOT_FILE = 'snapshot';

/** A snapshot as a file: `checksum index term voters`, then the state. */
export function snapshotText({ index, term, voters, state }: Snapshot): string {
  return sealed(`${index} ${term} ${voters.join(',')}\n${state}`);
}

/** Throws a `CorruptionError` for anything that `snapshotText` didn't make: the file got its name once it was synced. */
export function parseSnapshot(file: string): Snapshot {
  const text = unsealed(file);
  if (text === null) throw new CorruptionError('snapshot: damaged');
  const end = text.indexOf('\n');
  const [index, term, voters] = text.slice(0, end).split(' ') as [string, string, string];
  return {
    index: Number(index),
    term: Number(term),
    voters: voters.split(',') as NodeId[],
    state: text.slice(end + 1),
  };
}
