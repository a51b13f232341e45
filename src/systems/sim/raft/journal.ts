import type { NodeId } from '../../../faults/fault.ts';
import type { Disk } from '../../../world/node-program.ts';
import type { Entry } from './entry.ts';
import { type Log, lastIndex } from './log.ts';
import type { Snapshot } from './messages.ts';
import { entryRecord, logFileText, termRecord } from './records.ts';
import { SNAPSHOT_FILE, snapshotText } from './snapshot-file.ts';

/** See `records.ts` for what is in it. */
export const LOG_FILE = 'log';

/**
 * What the disk does next. Usually `append`. A new snapshot takes four syncs, each of which must last before the next
 * step: its file is written beside the old one (`save`), takes its place (`publish`); then the same for a log without
 * the entries that the snapshot covers (`rewrite`, `switch`). A power loss between any two leaves a readable disk.
 */
export type Step = 'append' | 'save' | 'publish' | 'rewrite' | 'switch';

/**
 * A node's way to its disk: records are collected while a sync is under way, and go together into the next (group
 * commit). A change counts once it is recorded and lasts once `durable` has reached its number.
 */
export interface Journal {
  readonly disk: Disk;
  /** The bug: entries count as durable once written. */
  readonly skipsSync: boolean;
  /** Current term and vote as recorded. */
  term: number;
  votedFor: NodeId | null;
  /** Records that are not yet in the log file. */
  buffer: string;
  bufferHasTerm: boolean;
  /** Characters in the log file, and how many of them are known to last. */
  length: number;
  synced: number;
  /** Changes recorded so far. */
  recorded: number;
  /** So many of them last. */
  durable: number;
  /** Up to here, the log as it now is lasts. */
  durableIndex: number;
  next: Step;
  inFlight: Step | null;
  /** What `durable`, `durableIndex` and `synced` will be once the sync under way is done. */
  readonly covers: { recorded: number; index: number; length: number };
  /** The snapshot to save, until it is published. */
  saving: Snapshot | null;
}

/** A journal of a disk with nothing on it. */
export function newJournal(disk: Disk, skipsSync = false): Journal {
  return {
    disk,
    skipsSync,
    term: 0,
    votedFor: null,
    buffer: '',
    bufferHasTerm: false,
    length: 0,
    synced: 0,
    recorded: 0,
    durable: 0,
    durableIndex: 0,
    next: 'append',
    inFlight: null,
    covers: { recorded: 0, index: 0, length: 0 },
    saving: null,
  };
}

/** The current term and vote have changed. */
export function recordTerm(journal: Journal, term: number, votedFor: NodeId | null): void {
  journal.term = term;
  journal.votedFor = votedFor;
  journal.buffer += termRecord(journal.synced, term, votedFor);
  journal.bufferHasTerm = true;
  journal.recorded++;
}

/** The log in memory has this new last entry. */
export function recordEntry(journal: Journal, { index, term, body }: Entry): void {
  journal.buffer += entryRecord(journal.synced, index, term, body);
  journal.recorded++;
}

/** The log in memory was cut before `index`: what lay there no longer counts as durable. */
export function recordCut(journal: Journal, index: number): void {
  journal.durableIndex = Math.min(journal.durableIndex, index - 1);
  journal.covers.index = Math.min(journal.covers.index, index - 1);
}

/** Begins the next step, unless a sync is under way or nothing is to be done. True if it needs no sync. */
export function beginSync(journal: Journal, log: Log): boolean {
  if (journal.inFlight !== null) return false;
  const { disk, next } = journal;
  if (next === 'append' && journal.buffer === '') return false;
  switch (next) {
    case 'save':
      disk.write(`${SNAPSHOT_FILE}.new`, snapshotText(journal.saving!));
      break;
    case 'publish':
      disk.rename(`${SNAPSHOT_FILE}.new`, SNAPSHOT_FILE);
      break;
    case 'rewrite':
      writeNewLog(journal, log);
      break;
    case 'switch':
      disk.rename(`${LOG_FILE}.new`, LOG_FILE);
      break;
  }
  const urgent = journal.bufferHasTerm || next !== 'append';
  if (next === 'append' || next === 'save' || next === 'publish') appendBuffer(journal, log);
  journal.inFlight = next;
  if (journal.skipsSync && !urgent) return true;
  disk.sync(next);
  return false;
}

/** The step under way is done: what it covers lasts. Returns the step. */
export function endSync(journal: Journal): Step {
  const step = journal.inFlight!;
  journal.inFlight = null;
  if (step !== 'append') journal.next = FOLLOWS[step];
  // The new log lasts, but until it has its name a restart would read the old one.
  if (step === 'rewrite') return step;
  journal.durable = journal.covers.recorded;
  journal.durableIndex = journal.covers.index;
  journal.synced = journal.covers.length;
  if (step === 'publish') journal.saving = null;
  return step;
}

const FOLLOWS: Readonly<Record<Exclude<Step, 'append'>, Step>> = {
  save: 'publish',
  publish: 'rewrite',
  rewrite: 'switch',
  switch: 'append',
};

function appendBuffer(journal: Journal, log: Log): void {
  const { buffer, covers } = journal;
  if (buffer !== '') {
    journal.disk.append(LOG_FILE, buffer);
    journal.length += buffer.length;
    journal.buffer = '';
    journal.bufferHasTerm = false;
  }
  covers.recorded = journal.recorded;
  covers.index = lastIndex(log);
  covers.length = journal.length;
}

/** The whole log, with what was still in the buffer; later records wait until the new file has its name. */
function writeNewLog(journal: Journal, log: Log): void {
  const text = logFileText({ term: journal.term, votedFor: journal.votedFor, log });
  journal.disk.write(`${LOG_FILE}.new`, text);
  journal.buffer = '';
  journal.bufferHasTerm = false;
  journal.length = text.length;
  journal.synced = 0;
  journal.covers.recorded = journal.recorded;
  journal.covers.index = lastIndex(log);
  journal.covers.length = text.length;
}
