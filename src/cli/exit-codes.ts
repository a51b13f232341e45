import type { Validity } from '../../checkers/checker.ts';

/** What the process answers to whoever started it. */
export const EXIT = { valid: 0, invalid: 1, unknown: 2, usage: 64, crash: 70, interrupted: 130 } as const;

/** The exit code of a verdict. */
export function exitCode(valid: Validity): number {
  return valid === true ? EXIT.valid : valid === false ? EXIT.invalid : EXIT.unknown;
}
