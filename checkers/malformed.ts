import type { History } from '../histories/history.ts';
import { formatValue } from './describe.ts';

/** An operation isn't of the shape that the checker reads. The message is all that a user needs. */
export class MalformedOp extends Error {
  override readonly name = 'MalformedOp';
}

/** The error for event `i`, whose value is not `expected`. */
export function malformed(history: History, i: number, expected: string): MalformedOp {
  const value = formatValue(history.value(i));
  return new MalformedOp(`event ${i} (${history.fName(i)}): the value must be ${expected}, not ${value}`);
}
