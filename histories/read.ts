import type { Decoder, ReadWarning } from './decoder.ts';
import { readText } from './file-text.ts';
import { formatByContent, formatByName, HISTORY_FORMATS, type HistoryFormat } from './format.ts';
import type { History } from './history.ts';
import { HistoryFileError } from './history-file-error.ts';
import { JsonlDecoder } from './jsonl-decoder.ts';

export interface ReadOptions {
  /** Default: what the file's name says, or else what its beginning looks like. */
  readonly format?: HistoryFormat | undefined;
}

export interface ReadHistory {
  readonly history: History;
  readonly format: HistoryFormat;
  /** What was mended or guessed; whoever shows a verdict should show these too. */
  readonly warnings: readonly ReadWarning[];
}

/**
 * Reads a history file of any format, zipped or not, piece by piece. Throws a `HistoryFileError` that names file and
 * line when it can't.
 */
export async function readHistory(path: string, options: ReadOptions = {}): Promise<ReadHistory> {
  let format = options.format ?? formatByName(path);
  let decoder: Decoder | undefined;
  const { cutShort } = await readText(path, (text) => {
    if (decoder === undefined) {
      if (text.trim() === '') return;
      format ??= formatByContent(text);
      if (format === undefined) throw unknownFormat(path);
      decoder = decoderOf(format, path);
    }
    decoder.push(text);
  });
  if (format === undefined) throw unknownFormat(path);
  decoder ??= decoderOf(format, path);
  return { format, ...decoder.end(cutShort) };
}

function decoderOf(format: HistoryFormat, path: string): Decoder {
  if (format !== 'jsonl') throw new HistoryFileError(path, undefined, `can't read ${format} yet`);
  return new JsonlDecoder(path);
}

function unknownFormat(path: string): HistoryFileError {
  return new HistoryFileError(
    path,
    undefined,
    `this looks like no history format that is known; say which it is: ${HISTORY_FORMATS.join(', ')}`,
  );
}
