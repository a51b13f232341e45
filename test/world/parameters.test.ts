import { expect, test } from 'vitest';
import { formatDuration, MILLISECOND, parseDuration, SECOND } from '../../src/world/nanos.ts';
import { formatDefault, type Parameters, readParameters } from '../../src/world/parameters.ts';
import { UsageError } from '../../src/world/usage-error.ts';

const declared = {
  interval: { type: 'duration', default: 2 * SECOND, about: '' },
  count: { type: 'integer', default: 3, min: 1, max: 9, about: '' },
  loss: { type: 'probability', default: 0.1, about: '' },
  eager: { type: 'boolean', default: false, about: '' },
  mode: { type: 'choice', of: ['drop', 'reset'], default: 'drop', about: '' },
  kinds: { type: 'choices', of: ['halves', 'ring', 'one'], default: ['halves', 'one'], about: '' },
} as const satisfies Parameters;

const read = (given: Record<string, unknown>) => readParameters(declared, given, 'nemesis partition');

test('what is not given has its default', () => {
  expect(read({})).toEqual({
    interval: 2 * SECOND,
    count: 3,
    loss: 0.1,
    eager: false,
    mode: 'drop',
    kinds: ['halves', 'one'],
  });
});

test('flags and YAML give the same values', () => {
  const flags = read({
    interval: '500ms',
    count: '4',
    loss: '0.5',
    eager: 'true',
    mode: 'reset',
    kinds: 'ring+one',
  });
  const yaml = read({
    interval: '500ms',
    count: 4,
    loss: 0.5,
    eager: true,
    mode: 'reset',
    kinds: ['ring', 'one'],
  });
  expect(flags).toEqual(yaml);
  expect(flags.interval).toBe(500 * MILLISECOND);
});

test.each([
  [
    { intervall: '1s' },
    'nemesis partition: no parameter "intervall" (did you mean "interval"?); it has: interval, count',
  ],
  [{ interval: 'soon' }, 'nemesis partition: interval: "soon" is not a duration'],
  [{ count: 0 }, 'nemesis partition: count: 0 is below the least, 1'],
  [{ count: 10 }, 'nemesis partition: count: 10 is above the greatest, 9'],
  [{ count: 1.5 }, 'nemesis partition: count: "1.5" is not a whole number'],
  [{ count: '' }, 'nemesis partition: count: "" is not a whole number'],
  [{ loss: 2 }, 'nemesis partition: loss: 2 is above the greatest, 1'],
  [{ eager: 'maybe' }, 'nemesis partition: eager: "maybe" is neither true nor false'],
  [{ mode: 'rest' }, 'nemesis partition: mode: no "rest" (did you mean "reset"?); choose from drop, reset'],
  [{ kinds: 'halfs' }, 'nemesis partition: kinds: no "halfs" (did you mean "halves"?)'],
])('%o is refused in one line', (given, message) => {
  expect(() => read(given)).toThrow(UsageError);
  expect(() => read(given)).toThrow(message);
});

test('defaults are shown as the user would write them', () => {
  expect(Object.values(declared).map(formatDefault)).toEqual([
    '2s',
    '3',
    '0.1',
    'false',
    'drop',
    'halves+one',
  ]);
});

test('durations read back as they are written', () => {
  for (const text of ['0', '1ns', '250us', '500ms', '1.5s', '30s', '2m', '1h']) {
    expect(formatDuration(parseDuration(text, ''))).toBe(text);
  }
  for (const t of [1, 999, 1001, 1_500_000, 59 * SECOND, 61 * SECOND, 123_456_789]) {
    expect(parseDuration(formatDuration(t), '')).toBe(t);
  }
});
