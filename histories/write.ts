import { encodeEvent } from './encode.ts';
import type { History } from './history.ts';
import { JsonlWriter } from './jsonl-writer.ts';

/** Writes a whole history to a JSON Lines file, gzipped when the name ends in `.gz`. */
export function writeHistory(path: string, history: History): void {
  const writer = new JsonlWriter(path);
  try {
    for (let i = 0; i < history.length; i++) writer.appendLine(encodeEvent(history, i));
  } finally {
    writer.close();
  }
}
