import fc from 'fast-check';
import { expect, test } from 'vitest';
import { registerHistory } from '../../../bench/register-histories.ts';
import { DEFAULT_BUDGET, type Verdict } from '../../../checkers/checker.ts';
import { type LinearizableOptions, linearizable } from '../../../checkers/linearizable/linearizable.ts';
import type { Model } from '../../../checkers/linearizable/model.ts';
import { historyOf } from '../../../histories/builder.ts';
import type { History } from '../../../histories/history.ts';
import { NEMESIS, OK, type OpEvent } from '../../../histories/op.ts';
import { fuzz } from '../effort.ts';
import { alone, events } from './events.ts';

const RUN = { operations: 2_000, keys: 4, clients: 10, pending: 20, reads: 50, writes: 25 };

function check(history: History, options: LinearizableOptions = {}, budget = DEFAULT_BUDGET): Verdict {
  return linearizable(options).check(history, { budget });
}

/** The history with the result of completion `at` replaced. */
function withResult(history: History, at: number, value: unknown): History {
  return historyOf([...history].map((op) => (op.index === at ? { ...op, value } : op)));
}

/** Completed reads, each with a value of its key that was surely overwritten before the read began. */
function staleReads(history: History): { at: number; stale: unknown }[] {
  const found: { at: number; stale: unknown }[] = [];
  const written = new Map<unknown, { value: unknown; call: number; ret: number }[]>();
  for (const { index, type, f, key, value } of history) {
    const call = history.pair[index]!;
    if (type !== 'ok' || call < 0) continue;
    const writes = written.get(key) ?? [];
    written.set(key, writes);
    if (f === 'write') writes.push({ value, call, ret: index });
    if (f !== 'read') continue;
    const newer = writes.findLast(({ ret }) => ret < call);
    const older = newer && writes.findLast(({ ret }) => ret < newer.call);
    if (older !== undefined) found.push({ at: index, stale: older.value });
  }
  return found;
}

test('a planted stale read is found and blamed, whichever read it is', () => {
  const history = registerHistory({ ...RUN, seed: 7 });
  expect(check(history).valid).toBe(true);
  const candidates = staleReads(history);
  expect(candidates.length).toBeGreaterThan(100);
  for (const { at, stale } of candidates.filter((_, i) => i % 7 === 0)) {
    const { valid, anomalies } = check(withResult(history, at, stale));
    expect(valid).toBe(false);
    expect(anomalies[0]!.ops).toContain(at);
    expect(anomalies[0]!.ops.length).toBeLessThanOrEqual(6);
  }
});

test('a right history stays right when reads are left out', () => {
  fc.assert(
    fc.property(fc.nat(1000), fc.nat(9), (seed, residue) => {
      const history = registerHistory({ ...RUN, operations: 200, seed });
      const left = [...history].filter(
        ({ f, process }) => f !== 'read' || (process as number) % 10 !== residue,
      );
      expect(check(historyOf(left)).valid).toBe(true);
    }),
    fuzz(50, 1),
  );
});

test('every beginning of a right history is right', () => {
  const history = registerHistory({ ...RUN, operations: 300, values: 3, seed: 3 });
  expect(check(history).valid).toBe(true);
  for (let n = 0; n < history.length; n += 17) {
    expect(check(historyOf([...history].slice(0, n))).valid).toBe(true);
  }
});

test('keys are judged apart, and the anomaly names its key and events of the whole history', () => {
  const on = (key: string, rows: readonly (readonly unknown[])[]) =>
    rows.map((row) => [key, ...row] as const);
  const rows = [
    ...on('a', alone(1, 'write', 1)),
    ...on('b', alone(2, 'write', 2)),
    ...on('b', alone(3, 'read', null, 9)),
  ];
  const history = historyOf(
    rows.map(([key, process, type, f, value], i) => ({ time: i, key, process, type, f, value }) as never),
  );
  expect(check(history).anomalies).toMatchObject([{ key: 'b', ops: [5] }]);
});

test('the nemesis and operations without an invocation are left out', () => {
  const history = historyOf([
    { time: 0, process: 'nemesis', type: 'info', f: 'partition', value: null },
    { time: 1, process: 5, type: 'ok', f: 'read', value: 77 },
    { time: 2, process: 1, type: 'invoke', f: 'write', value: 1 },
    { time: 3, process: 1, type: 'ok', f: 'write', value: 1 },
  ]);
  expect(history.process[0]).toBe(NEMESIS);
  expect(check(history)).toMatchObject({ valid: true, counts: { operations: 1 } });
});

test('a budget too small gives unknown, with how far the search came, the same every time', () => {
  const history = registerHistory({
    operations: 500,
    keys: 1,
    clients: 20,
    pending: 20,
    values: 5,
    reads: 40,
    writes: 30,
    seed: 1,
  });
  const verdict = check(history, {}, { steps: 500, bytes: 1 << 30 });
  expect(verdict).toMatchObject({ valid: 'unknown', anomalies: [], counts: { undecided: 1 } });
  expect(verdict.reason).toMatch(
    /^500 steps were not enough for key 0: the search explained \d+ of \d+ events$/,
  );
  expect(check(history, {}, { steps: 500, bytes: 1 << 30 })).toEqual(verdict);
  expect(check(history, {}, { steps: 1e9, bytes: 100 }).reason).toContain('bytes of memory');
  expect(check(history).valid).toBe(true);
});

/** Enqueues of equal elements that are all under way together, and then dequeues one after another. */
function crowdedQueue(clients: number, taken: readonly number[]): History {
  const crowd = (type: OpEvent['type']) =>
    Array.from({ length: clients }, (_, process) => ({
      time: 0,
      process,
      type,
      f: 'enqueue',
      value: process % 3,
    }));
  const rest = taken.flatMap((value) => alone(99, 'dequeue', null, value));
  return historyOf([...crowd('invoke'), ...crowd('ok'), ...events(...rest)]);
}

test('a queue leaves open in which order equal elements went in until they come out', () => {
  const taken = [2, 2, 0, 1, 1, 0, 2, 0, 1, 0, 1, 2, 2, 0, 1, 1, 0, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2];
  const budget = { steps: 5_000, bytes: 1 << 30 };
  expect(check(crowdedQueue(30, taken), { model: 'queue' }, budget)).toMatchObject({
    valid: true,
    counts: { searched: 1 },
  });
  const { valid, anomalies } = check(
    crowdedQueue(30, [...taken.slice(0, -1), 1]),
    { model: 'queue' },
    budget,
  );
  expect(valid).toBe(false);
  expect(anomalies[0]!.message).toContain("explains process 99's dequeue() = 1");
  expect(anomalies[0]!.message).toContain('the state could only be {2}');
});

test('a violation of an easy key is found though a hard key exhausts the budget', () => {
  const hard = [
    ...registerHistory({
      operations: 500,
      keys: 1,
      clients: 30,
      pending: 30,
      values: 5,
      reads: 40,
      writes: 30,
      seed: 1,
    }),
  ];
  const wrong = [
    ...events(...alone(900, 'write', 1), ...alone(901, 'write', 1), ...alone(902, 'read', null, null)),
  ];
  const history = historyOf([...hard, ...wrong.map((op) => ({ ...op, key: 'easy' }))]);
  const { valid, anomalies } = check(history, {}, { steps: 60_000, bytes: 1 << 30 });
  expect(valid).toBe(false);
  expect(anomalies).toMatchObject([{ key: 'easy' }]);
});

test('a pass that means little says so', () => {
  expect(check(events()).vacuous).toContain('there are no operations');
  expect(check(events([1, 'invoke', 'write', 1], [1, 'info', 'write', 1])).vacuous).toContain(
    'no operation ever succeeded',
  );
  expect(check(events(...alone(1, 'write', 1))).vacuous).toEqual(['no read ever saw a written value']);
  expect(check(events(...alone(1, 'write', 1), ...alone(1, 'read', null, 1))).vacuous).toEqual([]);
});

test('an operation that the model does not have is named', () => {
  expect(() => check(events(...alone(1, 'enqueue', 1)))).toThrow(
    /event 0 has function "enqueue".*choose another model/,
  );
  expect(() => check(events(...alone(1, 'write', 1)), { model: 'counter' })).toThrow(
    /counter has no function "write"/,
  );
  expect(() => check(events(...alone(1, 'cas', 1)))).toThrow(
    /event 0 \(cas\): the value must be \[from, to\], not 1/,
  );
});

test('staleness is the time and the number of versions by which reads lag', () => {
  const history = events(
    ...alone(1, 'write', 1),
    ...alone(1, 'write', 2),
    ...alone(1, 'write', 3),
    ...alone(2, 'read', null, 1),
  );
  // The read begins at 6 ms; until 3 ms the write of 2 need not have taken effect.
  expect(check(history).details).toEqual({ staleness: [{ key: undefined, delta: 3e6 + 1, k: 3 }] });
});

test('a value from nowhere is stale by no time at all', () => {
  const history = events(...alone(1, 'write', 1), ...alone(2, 'read', null, 9));
  expect(check(history).details).toEqual({ staleness: [{ key: undefined, delta: undefined, k: 1 }] });
});

test('models of one’s own work, with nothing but init, step and equal', () => {
  const highest: Model<{ top: number }> = {
    name: 'highest',
    init: () => ({ top: 0 }),
    step: ({ top }, { f, argument, result }) =>
      f === 'offer' ? { top: Math.max(top, argument as number) } : result === top ? { top } : undefined,
    equal: (a, b) => a.top === b.top,
  };
  const right = events(...alone(1, 'offer', 5), ...alone(2, 'offer', 3), ...alone(3, 'ask', null, 5));
  const wrong = events(...alone(1, 'offer', 5), ...alone(2, 'offer', 3), ...alone(3, 'ask', null, 3));
  expect(check(right, { model: highest }).valid).toBe(true);
  expect(check(wrong, { model: highest })).toMatchObject({ valid: false, anomalies: [{ ops: [1, 5] }] });
});

test('online, a violation is told soon after it happened, in terms of the whole history', () => {
  const history = registerHistory({ ...RUN, seed: 7 });
  const { at, stale } = staleReads(history).at(-400)!;
  const wrong = withResult(history, at, stale);
  const online = linearizable().online!();
  let told = -1;
  for (const op of wrong) {
    const anomaly = online.observe(op);
    if (anomaly === null) continue;
    told = op.index;
    expect(anomaly.ops).toContain(at);
    expect(wrong.type[anomaly.ops[0]!]).toBe(OK);
    break;
  }
  expect(told).toBeGreaterThanOrEqual(at);
  expect(told).toBeLessThan(at + wrong.length / 8);
});

test('online, a right history is let pass', () => {
  const online = linearizable().online!();
  for (const op of registerHistory({ ...RUN, operations: 500, seed: 8 }))
    expect(online.observe(op)).toBeNull();
});
