import { expect, test } from 'vitest';
import { type ErrorGroup, errors } from '../../checkers/errors.ts';
import { historyOf } from '../../histories/builder.ts';
import type { OpEvent } from '../../histories/op.ts';
import { check } from './story.ts';

const failing = (
  process: OpEvent['process'],
  f: string,
  type: OpEvent['type'],
  error: string | undefined,
): OpEvent[] => [
  { time: 0, process, f, type: 'invoke', value: null },
  { time: 1, process, f, type, value: null, error },
];

test('errors are grouped whatever their numbers, most frequent first, unexpected ones told apart', () => {
  const history = historyOf([
    ...failing(0, 'read', 'ok', undefined),
    ...failing(1, 'read', 'fail', 'no-connection'),
    ...failing(2, 'write', 'info', 'Error: socket 10.0.0.3:54321 closed'),
    ...failing(3, 'cas', 'info', 'Error: socket 10.0.0.1:4711 closed'),
    ...failing(4, 'cas', 'fail', 'Error: socket 10.0.0.1:4711 closed'),
    ...failing('nemesis', 'clock/step', 'info', 'no clocks here'),
  ]);
  const verdict = check(errors(), history);
  expect(verdict).toMatchObject({
    valid: true,
    anomalies: [],
    counts: { errors: 4, unhandled: 3, kinds: 2 },
  });
  expect(verdict.details?.groups).toEqual([
    {
      error: 'Error: socket 10.0.0.3:54321 closed',
      functions: ['write', 'cas'],
      fail: 1,
      info: 2,
      first: 5,
      unhandled: true,
    },
    { error: 'no-connection', functions: ['read'], fail: 1, info: 0, first: 3, unhandled: false },
  ] satisfies ErrorGroup[]);
});

test('a history without errors has no groups', () => {
  expect(check(errors(), historyOf(failing(0, 'read', 'ok', undefined)))).toMatchObject({
    counts: { errors: 0, unhandled: 0, kinds: 0 },
    details: { groups: [] },
  });
});

test('failures and unknown outcomes weigh the same', () => {
  const history = historyOf([
    ...failing(0, 'read', 'fail', 'busy'),
    ...failing(1, 'read', 'info', 'timeout'),
    ...failing(2, 'read', 'fail', 'timeout'),
    ...failing(3, 'read', 'fail', 'refused'),
    ...failing(4, 'read', 'fail', 'refused'),
    ...failing(5, 'read', 'fail', 'refused'),
  ]);
  const groups = check(errors(), history).details?.groups as readonly ErrorGroup[];
  expect(groups.map(({ error }) => error)).toEqual(['refused', 'timeout', 'busy']);
});
