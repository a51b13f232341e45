import type { Disk } from '../../../world/node-program.ts';

/**
 * An append-only file of records, one JSON text a line. A power loss may tear the last line; a torn line never parses,
 * since it lacks its closing bracket.
 */
export function readRecords<R extends object>(disk: Disk, file: string): R[] {
  const lines = (disk.read(file) ?? '').split('\n');
  const records: R[] = [];
  lines.forEach((line, i) => {
    if (line === '') return;
    try {
      records.push(JSON.parse(line) as R);
    } catch (cause) {
      if (i < lines.length - 1)
        throw new Error(`${file}, record ${i + 1}: damaged, and not by a torn write`, { cause });
    }
  });
  return records;
}

export function appendRecord(disk: Disk, file: string, record: object): void {
  disk.append(file, `${JSON.stringify(record)}\n`);
}

/** Replaces the whole file at once; it lasts when a sync that begins after this call is done. */
export function replaceRecords(disk: Disk, file: string, records: readonly object[]): void {
  const text = records.map((record) => `${JSON.stringify(record)}\n`).join('');
  disk.write(`${file}.new`, text);
  disk.rename(`${file}.new`, file);
}
