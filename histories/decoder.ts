import type { History } from './history.ts';

/** Something about a history file that was mended or guessed. */
export interface ReadWarning {
  /** From 1; absent when it is about the whole file. */
  readonly line?: number | undefined;
  readonly message: string;
}

export interface Decoded {
  readonly history: History;
  readonly warnings: readonly ReadWarning[];
}

/** Turns the text of a history file, piece by piece, into a history. Each format has one. */
export interface Decoder {
  /** Throws a `HistoryFileError` at what can't be read. */
  push(text: string): void;
  /** The text is over. */
  end(): Decoded;
}
