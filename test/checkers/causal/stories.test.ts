import { expect, test } from 'vitest';
import { type CausalLevel, causal, pram } from '../../../checkers/causal/causal.ts';
import { type SessionGuarantee, sessionGuarantees } from '../../../checkers/causal/session-guarantees.ts';
import type { Verdict } from '../../../checkers/checker.ts';
import type { History } from '../../../histories/history.ts';
import { blamed, check, type Told, tell } from '../story.ts';

const write = (process: number, key: string, value: number, more: Partial<Told> = {}): Told => ({
  process,
  f: 'write',
  key,
  argument: value,
  ...more,
});
const read = (process: number, key: string, value: number | null): Told => ({
  process,
  f: 'read',
  key,
  result: value,
});

const judged = (history: History, level: CausalLevel = 'causal'): Verdict =>
  check(causal({ level }), history);
const told = (history: History, level: CausalLevel = 'causal'): string[] =>
  blamed(history, judged(history, level));

/** Right at every level; what surrounds the violations below must not be blamed. */
const NOISE: readonly Told[] = [write(8, 'n', 80), read(9, 'n', 80), write(9, 'm', 90), read(8, 'm', 90)];

test('a right history passes every level and is not vacuous', () => {
  const history = tell(
    ...NOISE,
    write(0, 'x', 1),
    read(1, 'x', 1),
    write(1, 'x', 2),
    read(0, 'x', 2),
    read(2, 'x', null),
  );
  for (const level of ['causal', 'causal-convergence', 'causal-memory'] as const) {
    expect(judged(history, level)).toMatchObject({
      valid: true,
      vacuous: [],
      counts: { reads: 5, writes: 4, sessions: 5 },
    });
  }
  expect(check(pram(), history).valid).toBe(true);
  expect(check(sessionGuarantees(), history).valid).toBe(true);
});

test('WriteCORead: a read of a value that was replaced in its causal past', () => {
  const history = tell(
    ...NOISE,
    write(0, 'x', 1),
    read(1, 'x', 1),
    write(1, 'x', 2),
    write(1, 'y', 3),
    read(2, 'y', 3),
    read(2, 'x', 1),
  );
  expect(told(history)).toEqual(['WriteCORead: 0 write, 1 read, 1 write, 1 write, 2 read, 2 read']);
  expect(judged(history).anomalies[0]!.message).toBe(
    `Process 2's read("x") = 1 (90 ms to 95 ms) returned a value that had been replaced before it, as it should have known: ` +
      `process 0's write("x", 1) (40 ms to 45 ms), whose value process 1's read("x") = 1 (50 ms to 55 ms) returned, ` +
      `after which process 1's write("x", 2) (60 ms to 65 ms) followed, after which process 1's write("y", 3) (70 ms to 75 ms) followed, ` +
      `whose value process 2's read("y") = 3 (80 ms to 85 ms) returned, after which process 2's read("x") = 1 (90 ms to 95 ms) followed.`,
  );
});

test('WriteCOInitRead: a read of the initial value after a write that happened before it', () => {
  const history = tell(...NOISE, write(0, 'x', 1), write(0, 'y', 2), read(1, 'y', 2), read(1, 'x', null));
  expect(told(history)).toEqual(['WriteCOInitRead: 0 write, 0 write, 1 read, 1 read']);
});

test('ThinAirRead: a value that nobody wrote, or only a failed write', () => {
  const history = tell(...NOISE, write(0, 'x', 1, { outcome: 'fail' }), read(1, 'x', 1), read(1, 'x', 7));
  expect(told(history)).toEqual(['ThinAirRead: 1 read', 'ThinAirRead: 0 write, 1 read']);
});

test('CyclicCO: effects that come before their causes', () => {
  const history = tell(...NOISE, read(0, 'y', 2), write(0, 'x', 1), read(1, 'x', 1), write(1, 'y', 2));
  expect(told(history).map((line) => line.split(': ')[0])).toEqual(['CyclicCO']);
  expect(new Set(judged(history).anomalies[0]!.ops)).toEqual(new Set([9, 11, 13, 15]));
});

test('CyclicCF: two sessions that order two writes differently are causal, but not convergent', () => {
  const history = tell(...NOISE, write(0, 'x', 1), write(1, 'x', 2), read(0, 'x', 2), read(1, 'x', 1));
  expect(judged(history).valid).toBe(true);
  expect(judged(history, 'causal-memory').valid).toBe(true);
  expect(judged(history, 'causal-convergence').counts).toMatchObject({ CyclicCF: 1 });
  expect(new Set(judged(history, 'causal-convergence').anomalies[0]!.ops)).toEqual(new Set([9, 11, 13, 15]));
});

test('CyclicHB: convergent, but the late write must have been applied before the one that wins', () => {
  const history = tell(
    ...NOISE,
    write(0, 'x', 2),
    read(0, 'z', null),
    write(1, 'z', 1),
    write(1, 'x', 1),
    write(1, 'y', 1),
    read(0, 'y', 1),
    read(0, 'x', 2),
  );
  expect(judged(history, 'causal-convergence').valid).toBe(true);
  expect(told(history, 'causal-memory')).toEqual([expect.stringMatching(/^WriteHBInitRead: |^CyclicHB: /)]);
  expect(check(pram(), history).valid).toBe(false);
});

test('PRAM: a session that sees the writes of another out of order', () => {
  const history = tell(...NOISE, write(0, 'x', 1), write(0, 'x', 2), read(1, 'x', 2), read(1, 'x', 1));
  const verdict = check(pram(), history);
  expect(verdict.valid).toBe(false);
  expect(new Set(verdict.anomalies[0]!.ops)).toEqual(new Set([9, 11, 13, 15]));
  const elsewhere = tell(
    ...NOISE,
    write(0, 'x', 1),
    read(1, 'x', 1),
    write(1, 'y', 2),
    read(2, 'y', 2),
    read(2, 'x', null),
  );
  expect(check(pram(), elsewhere).valid).toBe(true);
});

const guarantee = (history: History, name: SessionGuarantee): string[] =>
  blamed(history, check(sessionGuarantees([name]), history));

test('read-your-writes: a session that misses its own write', () => {
  const history = tell(...NOISE, write(0, 'x', 1), write(0, 'x', 2), read(0, 'x', 1));
  expect(guarantee(history, 'read-your-writes')).toEqual(['read-your-writes: 0 write, 0 write, 0 read']);
  for (const other of ['monotonic-reads', 'monotonic-writes', 'writes-follow-reads'] as const) {
    expect(guarantee(history, other)).toEqual([]);
  }
});

test('monotonic-reads: a session that goes back', () => {
  const history = tell(...NOISE, write(0, 'x', 1), read(1, 'x', 1), read(1, 'x', null));
  expect(guarantee(history, 'monotonic-reads')).toEqual(['monotonic-reads: 0 write, 1 read, 1 read']);
  expect(check(sessionGuarantees(), history).counts).toMatchObject({ 'monotonic-reads': 1 });
});

test('monotonic-reads: of two writes a session takes each for the later one', () => {
  const history = tell(
    ...NOISE,
    write(0, 'x', 1),
    write(2, 'x', 2),
    read(1, 'x', 1),
    read(1, 'x', 2),
    read(1, 'x', 1),
  );
  expect(guarantee(history, 'monotonic-reads')).toEqual([
    'monotonic-reads: 0 write, 2 write, 1 read, 1 read, 1 read',
  ]);
});

test('monotonic-writes: a session that sees the second write of another and not the first', () => {
  const history = tell(...NOISE, write(0, 'x', 1), write(0, 'y', 2), read(1, 'y', 2), read(1, 'x', null));
  expect(guarantee(history, 'monotonic-writes')).toEqual([
    'monotonic-writes: 0 write, 0 write, 1 read, 1 read',
  ]);
  expect(guarantee(history, 'monotonic-reads')).toEqual([]);
});

test('writes-follow-reads: a session that sees a reply and not what it replied to', () => {
  const history = tell(
    ...NOISE,
    write(0, 'x', 1),
    read(1, 'x', 1),
    write(1, 'y', 2),
    read(2, 'y', 2),
    read(2, 'x', null),
  );
  const found = check(sessionGuarantees(), history);
  expect(blamed(history, found)).toEqual(['writes-follow-reads: 0 write, 1 read, 2 read, 2 read']);
  expect(found.anomalies[0]!.message).toContain('had to be visible since');
});

test('what a process does after an operation of unknown outcome is another session', () => {
  const history = tell(
    write(0, 'x', 1, { outcome: 'info' }),
    read(1, 'x', 1),
    read(0, 'x', null),
    read(0, 'x', 1),
  );
  expect(judged(history).valid).toBe(true);
});

test('a history whose reads saw nothing is vacuous', () => {
  expect(judged(tell(write(0, 'x', 1), read(1, 'x', null))).vacuous).toEqual([
    'no read ever saw a written value',
  ]);
});

test('values that are not unique, and clocks too large for the budget, give unknown with the reason', () => {
  expect(judged(tell(write(0, 'x', 1), write(1, 'x', 1))).reason).toContain('was written twice');
  expect(judged(tell({ process: 0, f: 'write', key: 'x' })).reason).toContain('writes null');
  const history = tell(
    ...Array.from({ length: 60 }, (_, i) => [
      write(2 * i, `k${i}`, i + 1),
      read(2 * i + 1, `k${i}`, i + 1),
    ]).flat(),
  );
  const verdict = causal().check(history, { budget: { steps: 1e6, bytes: 1000 } });
  expect(verdict).toMatchObject({
    valid: 'unknown',
    reason: expect.stringContaining('clocks of 120 sessions'),
  });
});
