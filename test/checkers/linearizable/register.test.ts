import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DEFAULT_BUDGET } from '../../../checkers/checker.ts';
import { linearizable } from '../../../checkers/linearizable/linearizable.ts';
import { isLinearizable, type SequentialObject } from './brute-force.ts';
import { smallHistories } from './small-histories.ts';

const register: SequentialObject<unknown> = {
  init: null,
  apply(state, f, value) {
    if (f === 'read') return { state, type: 'ok', value: state };
    if (f === 'write') return { state: value, type: 'ok', value };
    const [from, to] = value as [unknown, unknown];
    return from === state ? { state: to, type: 'ok', value } : { state, type: 'fail', value };
  },
  refuses: (f, error) => f === 'cas' && error === undefined,
};

const uniqueValues = smallHistories({
  object: register,
  invocation(pick, serial) {
    if (pick % 3 === 0) return { f: 'read', value: null };
    const value = serial + 1;
    if (pick % 3 === 1) return { f: 'write', value };
    const from = Math.floor(pick / 3) % (serial + 1);
    return { f: 'cas', value: [from === 0 ? null : from, value] };
  },
  lie(f, value, lie) {
    if (f === 'read') return { type: 'ok', value: lie % 8 === 0 ? null : lie % 8 };
    return { type: lie % 2 === 0 ? 'ok' : 'fail', value };
  },
});

test('agrees with the definition on registers whose values are written once', () => {
  let valid = 0;
  let all = 0;
  let unknown = 0;
  fc.assert(
    fc.property(uniqueValues, (history) => {
      const expected = isLinearizable(history, register);
      all++;
      if (expected) valid++;
      const got = linearizable().check(history, { budget: DEFAULT_BUDGET }).valid;
      if (got === 'unknown') unknown++;
      else expect(got).toBe(expected);
    }),
    { numRuns: Number(process.env.RUNS ?? 10_000) },
  );
  console.log(unknown, valid, all);
  expect(valid).toBeGreaterThan(all / 4);
  expect(valid).toBeLessThan((all * 3) / 4);
});
