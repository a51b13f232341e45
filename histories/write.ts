import { encodeEdn } from './edn/encode.ts';
import { encodeEvent } from './encode.ts';
import { formatByName } from './format.ts';
import type { History } from './history.ts';
import { HistoryFileError } from './history-file-error.ts';
import { LineWriter } from './line-writer.ts';

/**
 * Writes a whole history: as JSON Lines to `.jsonl`, as Jepsen's EDN to `.edn`, gzipped if `.gz` follows. Throws a
 * `HistoryFileError` when the name says neither or the file can't be written.
 */
export function writeHistory(path: string, history: History): void {
  const format = formatByName(path);
  if (format === undefined)
    throw new HistoryFileError(
      path,
      undefined,
      'the name does not say in which format to write it; end it in .jsonl, .jsonl.gz, .edn or .edn.gz',
    );
  const encode = format === 'edn' ? encodeEdn : encodeEvent;
  const writer = new LineWriter(path);
  try {
    for (let i = 0; i < history.length; i++) writer.appendLine(encode(history, i));
  } finally {
    writer.close();
  }
}
