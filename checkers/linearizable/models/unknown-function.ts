import { list } from '../../describe.ts';
import { MalformedOp } from '../../malformed.ts';

/** The error for an operation `f` that the model doesn't have. */
export function unknownFunction(model: string, f: string, has: readonly string[]): MalformedOp {
  return new MalformedOp(
    `the model ${model} has no function "${f}", only ${list(has)}: choose another model`,
  );
}
