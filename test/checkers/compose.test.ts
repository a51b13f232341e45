import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Checker, Validity, Verdict } from '../../checkers/checker.ts';
import { compose, runChecker, runCheckers, together } from '../../checkers/compose.ts';
import { historyOf } from '../../histories/builder.ts';
import { check } from './story.ts';

const history = historyOf([{ time: 0, process: 0, type: 'invoke', f: 'read', value: null }]);
const options = { budget: { steps: 7, bytes: 9 } };

function finding(name: string, valid: Validity, rest: Partial<Verdict> = {}): Checker {
  const verdict: Verdict = { checker: name, valid, anomalies: [], counts: {}, vacuous: [], ...rest };
  return { name, about: name, check: () => verdict };
}

const throwing: Checker = {
  name: 'broken',
  about: 'throws',
  check() {
    throw new TypeError('x is undefined');
  },
};

test('invalid beats unknown beats valid', () => {
  expect(together([])).toBe(true);
  expect(together([true, true])).toBe(true);
  expect(together([true, 'unknown', true])).toBe('unknown');
  expect(together(['unknown', false, true])).toBe(false);
});

test('the order of verdicts does not matter, and one more never makes the whole better', () => {
  const validity = fc.constantFrom<Validity>(true, 'unknown', false);
  const rank = (valid: Validity): number => [true, 'unknown', false].indexOf(valid);
  fc.assert(
    fc.property(fc.array(validity), validity, (some, one) => {
      expect(together(some.toReversed())).toBe(together(some));
      expect(rank(together([...some, one]))).toBe(Math.max(rank(together(some)), rank(one)));
    }),
  );
});

test('a checker that throws answers unknown, with its error', () => {
  const verdict = runChecker(throwing, history, options);
  expect(verdict).toMatchObject({
    checker: 'broken',
    valid: 'unknown',
    anomalies: [],
    reason: 'the checker broken failed: TypeError: x is undefined',
  });
  expect(verdict.details?.stack).toContain('compose.test.ts');
});

test('the others still have their turn, each with the history and the whole budget', () => {
  const seen: unknown[] = [];
  const witness: Checker = {
    name: 'witness',
    about: 'notes what it is given',
    check(...given) {
      seen.push(given);
      return finding('witness', true).check(...given);
    },
  };
  const verdicts = runCheckers([witness, throwing, witness], history, options);
  expect(verdicts.map(({ valid }) => valid)).toEqual([true, 'unknown', true]);
  expect(seen).toEqual([
    [history, options],
    [history, options],
  ]);
});

test('several checkers are one checker', () => {
  const big = { kind: 'G1c', message: 'big', ops: [0, 1, 2] };
  const small = { kind: 'lost', message: 'small', ops: [0] };
  const all = compose('all', [
    finding('a', false, { anomalies: [big], counts: { cycles: 1 }, vacuous: ['no read'] }),
    finding('b', 'unknown', {
      anomalies: [small],
      counts: { cycles: 2 },
      vacuous: ['no read'],
      reason: 'out of steps',
    }),
  ]);
  expect(all.about).toBe('all of a, b');
  expect(check(all, history)).toMatchObject({
    checker: 'all',
    valid: false,
    anomalies: [small, big],
    counts: { 'a: cycles': 1, 'b: cycles': 2 },
    vacuous: ['no read'],
    reason: 'out of steps',
    details: { verdicts: [{ checker: 'a' }, { checker: 'b' }] },
  });
});

test('an invalid verdict beside a broken checker stays invalid, and a valid one becomes unknown', () => {
  expect(check(compose('all', [throwing, finding('a', false)]), history).valid).toBe(false);
  expect(check(compose('all', [finding('a', true), throwing]), history).valid).toBe('unknown');
});
