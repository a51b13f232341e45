import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type LockOptions, lock } from '../../checkers/lock.ts';
import { type Operation, operationsOf } from '../../checkers/operations.ts';
import { historyOf } from '../../histories/builder.ts';
import type { History } from '../../histories/history.ts';
import type { OpEvent } from '../../histories/op.ts';
import { fuzz } from './effort.ts';
import { blamed, check, type Told, tell } from './story.ts';

const acquire = (process: number, token: number | null = null, more: Partial<Told> = {}): Told => ({
  process,
  f: 'acquire',
  result: token,
  ...more,
});
const release = (process: number, more: Partial<Told> = {}): Told => ({ process, f: 'release', ...more });
const write = (process: number, token: number, more: Partial<Told> = {}): Told => ({
  process,
  f: 'write',
  argument: { token, value: 'v' },
  ...more,
});

function judge(story: readonly Told[], options: LockOptions = {}) {
  const history = tell(...story);
  const verdict = check(lock(options), history);
  return { ...verdict, blamed: blamed(history, verdict), message: verdict.anomalies[0]?.message };
}

test('a lock that goes from hand to hand is right', () => {
  const taken = acquire(1, null, { outcome: 'fail' });
  const story = [acquire(0), taken, release(0), acquire(1), release(1), acquire(0)];
  expect(judge(story)).toMatchObject({ valid: true, vacuous: [], counts: { grants: 3, releases: 2 } });
});

test('two processes that hold the lock at once break mutual exclusion', () => {
  const found = judge([acquire(0), acquire(1), release(0)]);
  expect(found.blamed).toEqual(['mutual-exclusion: 0 acquire, 1 acquire, 0 release']);
  expect(found.message).toBe(
    "Process 0 got the lock with process 0's acquire() = null (0 s to 5 ms) and gave it back no sooner than " +
      "process 0's release() = null (20 ms to 25 ms), yet meanwhile it was granted to process 1 as well: " +
      "process 1's acquire() = null (10 ms to 15 ms).",
  );
  expect(judge([acquire(0), acquire(1)]).blamed).toEqual(['mutual-exclusion: 0 acquire, 1 acquire']);
});

test('a lock granted twice to the same process breaks mutual exclusion', () => {
  expect(judge([acquire(0), acquire(0)]).message).toContain('granted again to the same process');
});

test('a grant that overlaps the release is right', () => {
  const story = [
    acquire(0),
    release(0, { from: 20, to: 60 }),
    acquire(1, null, { from: 10, to: 30 }),
    release(1, { from: 70 }),
  ];
  expect(judge(story).valid).toBe(true);
});

test('a release that failed gives nothing back, one of unknown outcome may have', () => {
  const story = (outcome: 'fail' | 'info') => [acquire(0), release(0, { outcome }), acquire(1)];
  expect(judge(story('fail')).blamed).toEqual(['mutual-exclusion: 0 acquire, 1 acquire']);
  expect(judge(story('info')).valid).toBe(true);
});

test('an acquire of unknown outcome locks nobody out', () => {
  expect(judge([acquire(0, null, { outcome: 'info' }), acquire(1)]).valid).toBe(true);
});

test('who holds nothing has nothing to give back', () => {
  expect(judge([release(0)]).blamed).toEqual(['not-held: 0 release']);
  const twice = judge([acquire(0), release(0), release(0)]);
  expect(twice.blamed).toEqual(['not-held: 0 release, 0 release']);
  expect(twice.message).toContain('it had not been granted since');
  expect(judge([acquire(0, null, { outcome: 'info' }), release(0)]).valid).toBe(true);
});

test('locks of different keys are apart', () => {
  expect(judge([acquire(0, null, { key: 'a' }), acquire(1, null, { key: 'b' })]).valid).toBe(true);
});

test('with fencing two may believe to hold the lock, as long as the resource tells them apart', () => {
  const story = [acquire(0, 1), acquire(1, 2), write(1, 2), write(0, 1, { outcome: 'fail' }), write(1, 2)];
  expect(judge(story, { fencing: true })).toMatchObject({
    valid: true,
    vacuous: [],
    counts: { grants: 2, writes: 2, overlaps: 1 },
  });
});

test('a write of a former holder after one of its successor is stale', () => {
  const found = judge([acquire(0, 33), acquire(1, 34), write(1, 34), write(0, 33)], { fencing: true });
  expect(found.blamed).toEqual(['stale-write: 1 write, 0 write']);
  expect(found.message).toContain('with the token 33, though it had seen the higher token 34 already');
  const before = [acquire(0, 33), acquire(1, 34), write(0, 33), write(1, 34)];
  expect(judge(before, { fencing: true }).valid).toBe(true);
  const during = [
    acquire(0, 33),
    acquire(1, 34),
    write(1, 34, { from: 50, to: 90 }),
    write(0, 33, { from: 60 }),
  ];
  expect(judge(during, { fencing: true }).valid).toBe(true);
});

test('tokens must differ, and grow with each grant', () => {
  const same = judge([acquire(0, 3), release(0), acquire(1, 3)], { fencing: true });
  expect(same.blamed).toEqual(['repeated-token: 0 acquire, 1 acquire']);
  const falling = judge([acquire(0, 3), release(0), acquire(1, 2)], { fencing: true });
  expect(falling.blamed).toEqual(['token-order: 0 acquire, 1 acquire']);
});

test('a grant without a token, or a write that shows none, is refused by name', () => {
  expect(() => judge([acquire(0)], { fencing: true })).toThrow(
    'event 1 (acquire): the value must be a fencing',
  );
  expect(() => judge([{ process: 0, f: 'write', argument: 7 }], { fencing: true })).toThrow(
    'event 0 (write): the value must be an object with a number `token`',
  );
});

test('a pass without two grants, or without a write, is vacuous', () => {
  expect(judge([acquire(0, 1)], { fencing: true }).vacuous).toHaveLength(2);
  expect(judge([acquire(0)]).vacuous).toEqual(['the lock was not granted twice']);
});

/** A grant that lasts 20 ms from the invocation on. */
const lease = (process: number, token: number, more: Partial<Told> = {}): Told =>
  acquire(process, null, { result: { token, lease: 20e6 }, ...more });

test('nobody counts on a lock when its lease is over', () => {
  expect(judge([lease(0, 1, { from: 0, to: 5 }), lease(1, 2, { from: 10, to: 20 })]).valid).toBe(true);
  const early = judge([lease(0, 1, { from: 0, to: 5 }), lease(1, 2, { from: 10, to: 19 })]);
  expect(early.blamed).toEqual(['mutual-exclusion: 0 acquire, 1 acquire']);
  expect(early.message).toContain('might count on it until 20 ms');
});

test('a lease that is over when its grant is answered makes nobody a holder', () => {
  const late = lease(0, 1, { from: 0, to: 30 });
  expect(judge([late, lease(1, 2, { from: 20, to: 25 }), release(0, { from: 40 })]).valid).toBe(true);
});

test('a lock whose lease is over can be given back until somebody else gets it', () => {
  const story = [lease(0, 1, { from: 0, to: 5 }), release(0, { from: 50, to: 55 })];
  expect(judge(story).valid).toBe(true);
  const found = judge([...story, lease(1, 2, { from: 30, to: 35 })]);
  expect(found.blamed).toEqual(['not-held: 0 acquire, 1 acquire, 0 release']);
  expect(found.message).toContain('did not hold any more');
});

test('a write is stale when the resource says that it had seen a higher token', () => {
  const grants = [lease(0, 33, { from: 0, to: 5 }), lease(1, 34, { from: 30, to: 35 })];
  const delayed = write(0, 33, { from: 10, to: 60, result: { after: 34 } });
  const between = write(1, 34, { from: 40, to: 45, result: { after: 32 } });
  const found = judge([...grants, delayed, between], { fencing: true });
  expect(found.blamed).toEqual(['stale-write: 1 write, 0 write']);
  expect(found.message).toContain('right after a write with the higher token 34');
});

/** Any interleaving of three clients with any outcomes; a client whose operation ended unknown comes back as another. */
const anyHistories = fc
  .array(
    fc.record({
      thread: fc.nat(2),
      f: fc.constantFrom('acquire', 'release'),
      type: fc.constantFrom('ok' as const, 'ok' as const, 'ok' as const, 'fail' as const, 'info' as const),
    }),
    { maxLength: 14 },
  )
  .map((choices) => {
    const events: OpEvent[] = [];
    const processes = [0, 1, 2];
    const open = new Map<number, string>();
    const last = new Map<number, string>();
    for (const { thread, f, type } of choices) {
      const process = processes[thread]!;
      const doing = open.get(process);
      const time = events.length * 1e6;
      if (doing === undefined) {
        // Most clients take turns, so that right histories are common.
        const wanted = f === 'release' && last.get(process) !== 'acquire' ? 'acquire' : f;
        open.set(process, wanted);
        events.push({ time, process, type: 'invoke', f: wanted, value: null });
      } else {
        open.delete(process);
        if (type === 'ok') last.set(process, doing);
        events.push({ time, process, type, f: doing, value: null });
        if (type === 'info') processes[thread] = process + 3;
      }
    }
    return historyOf(events);
  });

/** By the definition: some order of the operations that keeps real time, in which a free lock is acquired and its holder releases it. */
function explainable(history: History): boolean {
  const ops = operationsOf(history).filter((op) => op.outcome !== 'fail');
  const go = (left: readonly Operation[], holder: number | undefined): boolean => {
    if (left.every((op) => op.outcome === 'info')) return true;
    return left.some((op) => {
      if (left.some((other) => other.end < op.begin)) return false;
      const possible = op.f === 'acquire' ? holder === undefined : holder === op.process;
      const rest = left.filter((other) => other !== op);
      return possible && go(rest, op.f === 'acquire' ? op.process : undefined);
    });
  };
  return go(ops, undefined);
}

test('agrees with the definition of a lock on small histories', () => {
  const seen = { right: 0, wrong: 0 };
  fc.assert(
    fc.property(anyHistories, (history) => {
      const right = explainable(history);
      seen[right ? 'right' : 'wrong']++;
      expect(check(lock(), history).valid).toBe(right);
    }),
    fuzz(3000, 1),
  );
  expect(Math.min(seen.right, seen.wrong)).toBeGreaterThan(300);
});

const fencedStories = fc.array(
  fc.record({
    writes: fc.boolean(),
    token: fc.nat(5),
    from: fc.nat(40),
    takes: fc.integer({ min: 1, max: 20 }),
  }),
  { maxLength: 6 },
);

test('agrees with the definitions of fencing on small histories', () => {
  let wrong = 0;
  fc.assert(
    fc.property(fencedStories, (story) => {
      const told = story.map(({ writes, token, from, takes }, i) =>
        (writes ? write : acquire)(i, token, { from, to: from + takes }),
      );
      const history = tell(...told);
      const ops = operationsOf(history);
      const tokenOf = (op: Operation) =>
        op.f === 'write' ? (op.argument as { token: number }).token : (op.result as number);
      const pairs = (f: string, bad: (a: Operation, b: Operation) => boolean) =>
        ops.some((a) => ops.some((b) => a !== b && a.f === f && b.f === f && bad(a, b)));
      const overtaken = (a: Operation, b: Operation) => a.end < b.begin && tokenOf(a) > tokenOf(b);
      const expected = [];
      if (pairs('acquire', (a, b) => tokenOf(a) === tokenOf(b))) expected.push('repeated-token');
      if (pairs('write', overtaken)) expected.push('stale-write');
      if (pairs('acquire', overtaken)) expected.push('token-order');
      if (expected.length > 0) wrong++;
      const { anomalies } = check(lock({ fencing: true }), history);
      expect([...new Set(anomalies.map(({ kind }) => kind))].sort()).toEqual(expected);
    }),
    fuzz(2000, 1),
  );
  expect(wrong).toBeGreaterThan(200);
});

test('one grant planted while the lock is held is found in a long right history, and blamed', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(5), { minLength: 5, maxLength: 40 }), fc.nat(), (holders, pick) => {
      const right = holders.flatMap((process) => [acquire(process), write(process, 1), release(process)]);
      expect(judge(right).valid).toBe(true);
      const at = pick % holders.length;
      const thief = acquire(99, null, { from: 30 * at + 12, to: 30 * at + 14 });
      const timed = right.map((op, i) => ({ ...op, from: 10 * i }));
      expect(judge([...timed, thief]).anomalies.length).toBeGreaterThan(0);
      const found = judge([...timed, thief, release(99, { from: 30 * at + 16, to: 30 * at + 18 })]);
      expect(found.blamed).toEqual([
        `mutual-exclusion: ${holders[at]} acquire, 99 acquire, ${holders[at]} release`,
      ]);
    }),
    fuzz(200, 1),
  );
});
