import type { Decoder, ReadWarning } from './decoder.ts';
import { EdnDecoder } from './edn/decoder.ts';
import { readText } from './file-text.ts';
import { formatByContent, formatByName, HISTORY_FORMATS, type HistoryFormat } from './format.ts';
import { heapIsFull } from './heap.ts';
import type { History } from './history.ts';
import { HistoryFileError, HistoryTooLarge } from './history-file-error.ts';
import { JepsenLogDecoder } from './jepsen-log.ts';
import { JsonlDecoder } from './jsonl-decoder.ts';

export interface ReadOptions {
  /** Default: what the file's name says, or else what its beginning looks like. */
  readonly format?: HistoryFormat | undefined;
  /**
   * Whether the values of an EDN history are tuples `[key value]` of Jepsen's `independent`. Default: found out, when
   * the whole history looks so.
   */
  readonly tuples?: boolean | undefined;
}

export interface ReadHistory {
  readonly history: History;
  readonly format: HistoryFormat;
  /** What was mended or guessed; whoever shows a verdict should show these too. */
  readonly warnings: readonly ReadWarning[];
}

/**
 * Reads a history file of any format, zipped or not, piece by piece. Throws a `HistoryFileError` that names file and
 * line when it can't, a `HistoryTooLarge` before it exhausts the memory of the process.
 */
export async function readHistory(path: string, options: ReadOptions = {}): Promise<ReadHistory> {
  let format = options.format ?? formatByName(path);
  let decoder: Decoder | undefined;
  let characters = 0;
  const { cutShort } = await readText(path, (text) => {
    characters += text.length;
    if (heapIsFull()) throw new HistoryTooLarge(path, Math.round(characters / 1e6));
    if (decoder === undefined) {
      if (text.trim() === '') return;
      format ??= formatByContent(text);
      if (format === undefined) throw unknownFormat(path);
      decoder = decoderOf(format, path, options.tuples);
    }
    decoder.push(text);
  });
  if (format === undefined) throw unknownFormat(path);
  decoder ??= decoderOf(format, path, options.tuples);
  const { history, warnings } = decoder.end();
  if (!cutShort) return { format, history, warnings };
  return {
    format,
    history,
    warnings: [
      ...warnings,
      { message: 'the gzip data ends early, so the events after the last one are missing' },
    ],
  };
}

function decoderOf(format: HistoryFormat, path: string, tuples: boolean | undefined): Decoder {
  switch (format) {
    case 'jsonl':
      return new JsonlDecoder(path);
    case 'edn':
      return new EdnDecoder(path, tuples);
    case 'porcupine-kv':
      return new EdnDecoder(path, false);
    case 'etcd-log':
      return new JepsenLogDecoder(path);
  }
}

function unknownFormat(path: string): HistoryFileError {
  return new HistoryFileError(
    path,
    undefined,
    `this looks like no history format that is known; say which it is: ${HISTORY_FORMATS.join(', ')}`,
  );
}
