import { encodeOp } from './encode.ts';
import { LineWriter } from './line-writer.ts';
import type { Op } from './op.ts';

/** Writes a history to a JSON Lines file while it happens. */
export class JsonlWriter extends LineWriter {
  append(op: Op): void {
    this.appendLine(encodeOp(op));
  }
}
