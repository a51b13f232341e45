import { expect, test } from 'vitest';
import { checksum } from '../../../src/systems/sim/raft/checksum.ts';
import { emptyLog } from '../../../src/systems/sim/raft/log.ts';
import {
  CorruptionError,
  entryRecord,
  type LogFile,
  logFileText,
  parseLogFile,
  termRecord,
} from '../../../src/systems/sim/raft/records.ts';
import { parseSnapshot, snapshotText } from '../../../src/systems/sim/raft/snapshot-file.ts';
import { write } from './bench.ts';

/** Records as a running node appends them: each says how much was synced before it. */
function appendedText(): { text: string; lineStarts: number[] } {
  let text = '';
  const lineStarts: number[] = [];
  const add = (record: (synced: number) => string) => {
    lineStarts.push(text.length);
    text += record(lineStarts[lineStarts.length - 1]!);
  };
  add((synced) => termRecord(synced, 1, 'n1'));
  for (let i = 1; i <= 4; i++) add((synced) => entryRecord(synced, i, 1, write('a client', 1, i)));
  add((synced) => termRecord(synced, 2, null));
  add((synced) => entryRecord(synced, 3, 2, { type: 'members', voters: ['n1', 'n2'] }));
  return { text, lineStarts };
}

const outline = ({ term, votedFor, log }: LogFile) => ({
  term,
  votedFor,
  entries: log.entries.map((entry) => [entry.index, entry.term]),
});

test('the checksum is CRC-32', () => {
  expect(checksum('123456789')).toBe('cbf43926');
});

test('records are read back, the later one for an index replacing the earlier and what follows', () => {
  const file = parseLogFile(appendedText().text);
  expect(outline(file)).toEqual({
    term: 2,
    votedFor: null,
    entries: [
      [1, 1],
      [2, 1],
      [3, 2],
    ],
  });
  expect(file.log.entries[1]!.body).toEqual(write('a client', 1, 2));
});

test('a rewritten log is the same log', () => {
  const file = parseLogFile(appendedText().text);
  file.log.baseIndex = 0;
  expect(parseLogFile(logFileText(file))).toEqual(file);
  const compacted: LogFile = { term: 9, votedFor: 'n3', log: emptyLog(40, 7) };
  expect(parseLogFile(logFileText(compacted))).toEqual(compacted);
});

test('a tail torn anywhere in the last record is cut off', () => {
  const { text, lineStarts } = appendedText();
  const last = lineStarts[lineStarts.length - 1]!;
  const whole = outline(parseLogFile(text.slice(0, last)));
  for (let end = last; end < text.length; end++)
    expect(outline(parseLogFile(text.slice(0, end)))).toEqual(whole);
});

test('a flipped bit before a record that knows it synced is never read as a torn tail', () => {
  const { text, lineStarts } = appendedText();
  const last = lineStarts[lineStarts.length - 1]!;
  for (let at = 0; at < last; at++) {
    for (let bit = 0; bit < 7; bit++) {
      const flipped = String.fromCharCode(text.charCodeAt(at) ^ (1 << bit));
      const damaged = text.slice(0, at) + flipped + text.slice(at + 1);
      expect(() => parseLogFile(damaged), `character ${at}, bit ${bit}`).toThrow(CorruptionError);
    }
  }
});

test('a rewritten log was complete before it got its name, so damage anywhere in it is no torn tail', () => {
  const text = logFileText(parseLogFile(appendedText().text));
  for (let at = 0; at < text.length; at++) {
    const flipped = String.fromCharCode(text.charCodeAt(at) ^ 1);
    const damaged = text.slice(0, at) + flipped + text.slice(at + 1);
    expect(() => parseLogFile(damaged), `character ${at}`).toThrow(CorruptionError);
  }
});

test('a snapshot is read back, and any damage to it is noticed', () => {
  const snapshot = { index: 12, term: 3, voters: ['n1', 'n2', 'n3'], state: '{"a":"b\\nc d"}' };
  const text = snapshotText(snapshot);
  expect(parseSnapshot(text)).toEqual(snapshot);
  for (let at = 0; at < text.length; at++) {
    const flipped = String.fromCharCode(text.charCodeAt(at) ^ 4);
    expect(() => parseSnapshot(text.slice(0, at) + flipped + text.slice(at + 1))).toThrow(CorruptionError);
  }
});
