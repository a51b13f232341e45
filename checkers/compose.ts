import type { History } from '../histories/history.ts';
import type { Checker, CheckOptions, Validity, Verdict } from './checker.ts';

/** Invalid beats unknown beats valid; nothing at all is valid. */
export function together(validities: Iterable<Validity>): Validity {
  let all: Validity = true;
  for (const valid of validities) {
    if (valid === false) return false;
    if (valid === 'unknown') all = 'unknown';
  }
  return all;
}

/** The checker's verdict; `unknown` when it throws, the error as its reason and where it was thrown in `details`. */
export function runChecker(checker: Checker, history: History, options: CheckOptions): Verdict {
  try {
    return checker.check(history, options);
  } catch (error) {
    return {
      checker: checker.name,
      valid: 'unknown',
      anomalies: [],
      counts: {},
      vacuous: [],
      reason: `the checker ${checker.name} failed: ${String(error)}`,
      ...(error instanceof Error ? { details: { stack: error.stack } } : {}),
    };
  }
}

/** Every checker's own verdict, in their order. Each may spend the whole budget; none is kept from its turn by another. */
export function runCheckers(
  checkers: readonly Checker[],
  history: History,
  options: CheckOptions,
): Verdict[] {
  return checkers.map((checker) => runChecker(checker, history, options));
}

/**
 * Several checkers as one: valid when all are. Anomalies and warnings are those of all, counts are named
 * `checker: count`, and `details.verdicts` holds each one's own verdict.
 */
export function compose(name: string, checkers: readonly Checker[]): Checker {
  return {
    name,
    about: `all of ${checkers.map((checker) => checker.name).join(', ')}`,
    check: (history, options) => merged(name, runCheckers(checkers, history, options)),
  };
}

function merged(name: string, verdicts: readonly Verdict[]): Verdict {
  const counts = verdicts.flatMap((verdict) =>
    Object.entries(verdict.counts).map(([what, n]) => [`${verdict.checker}: ${what}`, n] as const),
  );
  const reasons = verdicts.flatMap(({ reason }) => (reason === undefined ? [] : [reason]));
  return {
    checker: name,
    valid: together(verdicts.map(({ valid }) => valid)),
    anomalies: verdicts.flatMap(({ anomalies }) => anomalies).sort((a, b) => a.ops.length - b.ops.length),
    counts: Object.fromEntries(counts),
    vacuous: [...new Set(verdicts.flatMap(({ vacuous }) => vacuous))],
    reason: reasons.length === 0 ? undefined : reasons.join('; '),
    details: { verdicts },
  };
}
