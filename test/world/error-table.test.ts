import { expect, test } from 'vitest';
import { CONNECTION_ERRORS, failedBy, type KnownError } from '../../src/world/error-table.ts';

const TABLE: readonly KnownError[] = [
  { match: /READONLY/, name: 'read-only', definite: true },
  ...CONNECTION_ERRORS,
];

function fetchFailed(code: string): Error {
  return new TypeError('fetch failed', {
    cause: Object.assign(new Error(`connect ${code} 10.0.0.1`), { code }),
  });
}

test('the error behind an error decides, and only a definite one says that nothing happened', () => {
  expect(failedBy(fetchFailed('ECONNREFUSED'), TABLE)).toEqual({ type: 'fail', error: 'connection-refused' });
  expect(failedBy(fetchFailed('ECONNRESET'), TABLE)).toEqual({ type: 'info', error: 'connection-reset' });
  const several = new AggregateError([fetchFailed('ECONNREFUSED'), new Error('other')]);
  expect(failedBy(several, TABLE)).toEqual({ type: 'fail', error: 'connection-refused' });
});

test('the first entry that matches wins, in the message too', () => {
  const error = new Error("READONLY You can't write against a read only replica (ECONNRESET)");
  expect(failedBy(error, TABLE)).toEqual({ type: 'fail', error: 'read-only' });
});

test('an unknown error leaves the outcome open, but a read has no effect however it ends', () => {
  const error = new Error('odd', { cause: new Error('odder') });
  expect(failedBy(error, TABLE)).toEqual({ type: 'info', error: 'odd: odder' });
  expect(failedBy('odd', TABLE)).toEqual({ type: 'info', error: 'odd' });
  expect(failedBy(error, TABLE, { reads: true })).toEqual({ type: 'fail', error: 'odd: odder' });
});
