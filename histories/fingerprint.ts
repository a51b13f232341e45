import { createHash } from 'node:crypto';
import { encodeEvent } from './encode.ts';
import type { History } from './history.ts';

const BATCH = 1 << 16;

/**
 * 16 hexadecimal digits (the first 64 bits of SHA-256) over the lines of a history: the same before and after it went
 * through a file, and on every machine. Two runs with the same fingerprint had the same history.
 */
export function fingerprint(history: History): string {
  const hash = createHash('sha256');
  let batch = '';
  for (let i = 0; i < history.length; i++) {
    batch += `${encodeEvent(history, i)}\n`;
    if (batch.length >= BATCH) {
      hash.update(batch);
      batch = '';
    }
  }
  return hash.update(batch).digest('hex').slice(0, 16);
}
