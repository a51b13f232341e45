import { expect, test } from 'vitest';
import { historyOf } from '../../histories/builder.ts';
import { fingerprint } from '../../histories/fingerprint.ts';
import type { History } from '../../histories/history.ts';
import type { OpEvent } from '../../histories/op.ts';
import { compareRuns } from '../../src/campaign/compare-runs.ts';

const read = (time: number, value: unknown): OpEvent => ({
  time,
  process: 0,
  type: 'invoke',
  f: 'read',
  value,
});
const three = historyOf([read(1, 'a'), read(2, 'b'), read(3, 'c')]);
const two = historyOf([read(1, 'a'), read(2, 'b')]);
const other = historyOf([read(1, 'a'), read(2, 'x'), read(3, 'c')]);

function compare(recorded: History, replayed: History, whole = true) {
  const record = { id: 'x', fingerprint: fingerprint(recorded), momus: '0', node: '0', counts: {} };
  const run = {
    valid: undefined,
    anomalies: [],
    specFile: '',
    record: whole ? record : undefined,
    history: async () => recorded,
  };
  return compareRuns(run, replayed, fingerprint(replayed));
}

test('equal histories are the same run', async () => {
  expect(await compare(three, three)).toEqual({ same: true, events: 3, cutShort: false });
});

test('the first event that differs is named', async () => {
  expect(await compare(three, other)).toMatchObject({
    same: false,
    difference: {
      index: 1,
      recorded: expect.stringContaining('"b"'),
      replayed: expect.stringContaining('"x"'),
    },
  });
});

test('a whole run is not the same as its beginning', async () => {
  expect(await compare(three, two)).toMatchObject({
    same: false,
    difference: { index: 2, replayed: undefined },
  });
  expect(await compare(two, three)).toMatchObject({
    same: false,
    difference: { index: 2, recorded: undefined },
  });
});

test('a run that was cut short is the same as far as it goes', async () => {
  expect(await compare(two, three, false)).toEqual({ same: true, events: 2, cutShort: true });
  expect(await compare(other, three, false)).toMatchObject({ same: false, difference: { index: 1 } });
});
