import type { Checker } from './checker.ts';
import { list } from './describe.ts';

/** A checker of what a system does not promise: says what it found, and accuses nobody. */
export function measured(checker: Checker): Checker {
  const name = `${checker.name} (measured)`;
  return {
    name,
    about: `${checker.about}; only measured`,
    check(history, options) {
      const verdict = checker.check(history, options);
      const { anomalies, counts, valid, reason } = verdict;
      const kinds = [...new Set(anomalies.map(({ kind }) => kind))];
      const found = {
        true: 'not promised, but held in this run',
        false: `not promised, and did not hold: ${list(kinds)}`,
        unknown: `not promised, and not known: ${reason}`,
      }[`${valid}`];
      const first = anomalies[0] === undefined ? [] : [anomalies[0].message];
      return {
        checker: name,
        valid: true,
        anomalies: [],
        counts: { ...counts, violations: anomalies.length },
        vacuous: [],
        notes: [found, ...first],
      };
    },
  };
}
