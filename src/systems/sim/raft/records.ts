import type { NodeId } from '../../../faults/fault.ts';
import { sealed, unsealed } from './checksum.ts';
import type { Body } from './entry.ts';
import { emptyLog, type Log, lastIndex, truncateFrom } from './log.ts';

/**
 * The log on disk: text lines `checksum synced kind ...`. `synced` says how many characters of the file were known to
 * last when the line was made, so that a reader can tell a torn tail, which was never promised, from damage before it.
 * (Damage to the very last batch looks like a torn tail: see Alagappan et al., Protocol-Aware Recovery, 2018.)
 * - `B index term count`: a rewritten log begins: it follows the entry at `index`, and `count` lines come with it
 * - `T term vote`: the current term and vote (`-` for none)
 * - `E index term body`: an entry; it replaces the one at that index and all after it
 */
export interface LogFile {
  term: number;
  votedFor: NodeId | null;
  readonly log: Log;
}

/** The disk holds what no crash can explain: the node's promises may be gone, so it must not take part. */
export class CorruptionError extends Error {
  override readonly name = 'CorruptionError';
}

/** A `T` record; `synced`: characters of the file known to last. */
export function termRecord(synced: number, term: number, votedFor: NodeId | null): string {
  return record(synced, `T ${term} ${votedFor ?? '-'}`);
}

/** An `E` record; `synced`: characters of the file known to last. */
export function entryRecord(synced: number, index: number, term: number, body: Body): string {
  return record(synced, `E ${index} ${term} ${JSON.stringify(body)}`);
}

/** A whole log as a new file. */
export function logFileText({ term, votedFor, log }: LogFile): string {
  let text = record(0, `B ${log.baseIndex} ${log.baseTerm} ${log.entries.length + 1}`);
  text += termRecord(0, term, votedFor);
  for (const entry of log.entries) text += entryRecord(0, entry.index, entry.term, entry.body);
  return text;
}

/** Reads a log file; cuts off a torn tail. Throws a `CorruptionError` when synced records are damaged. */
export function parseLogFile(text: string): LogFile {
  const file: LogFile = { term: 0, votedFor: null, log: emptyLog() };
  const lines = text.split('\n');
  let expected = 0;
  let at = 0;
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i]!;
    const isLast = i === lines.length - 1;
    if (isLast && line === '') break;
    const fields = isLast ? null : parseRecord(line);
    if (fields === null) {
      requireTornTail(lines, i, at, expected);
      break;
    }
    if (fields[1] === 'B') expected = Number(fields[4]) + 1;
    replay(file, fields);
    at += line.length + 1;
  }
  return file;
}

function record(synced: number, body: string): string {
  return `${sealed(`${synced} ${body}`)}\n`;
}

/** The fields of a whole record, or null: synced, kind and three more at most, of which the last may contain spaces. */
function parseRecord(line: string): string[] | null {
  const fields = unsealed(line)?.split(' ');
  if (fields === undefined) return null;
  return fields.length <= 5 ? fields : [...fields.slice(0, 4), fields.slice(4).join(' ')];
}

/** Line `bad` at character `at` can't be read: fine if nothing from there on was ever known to be synced. */
function requireTornTail(lines: readonly string[], bad: number, at: number, expected: number): void {
  // A damaged end of line hides the record after it.
  const hidden = [...lines[bad]!.matchAll(/[0-9a-f]{8} \d+ [BTE] /g)].map(({ index }) =>
    lines[bad]!.slice(index),
  );
  const later = [...hidden, ...lines.slice(bad + 1, -1)].map(parseRecord);
  const known = later.some((fields) => fields !== null && (Number(fields[0]) > at || bad === 0));
  if (known || bad < expected)
    throw new CorruptionError(
      `log, line ${bad + 1}: damaged though it was synced; this node lost its promises`,
    );
}

function replay(file: LogFile, fields: readonly string[]): void {
  const { log } = file;
  const [, kind, first, second, third] = fields;
  switch (kind) {
    case 'B':
      log.baseIndex = Number(first);
      log.baseTerm = Number(second);
      break;
    case 'T':
      file.term = Number(first);
      file.votedFor = second === '-' ? null : second!;
      break;
    case 'E': {
      const index = Number(first);
      if (index > lastIndex(log) + 1)
        throw new CorruptionError(`log: entry ${index} follows ${lastIndex(log)}`);
      truncateFrom(log, index);
      log.entries.push({ index, term: Number(second), body: JSON.parse(third!) as Body });
      break;
    }
  }
}
