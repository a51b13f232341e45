import fc from 'fast-check';
import { expect, test } from 'vitest';
import { causal } from '../../../checkers/causal/causal.ts';
import { INITIAL, readSessions, type Sessions } from '../../../checkers/causal/sessions.ts';
import { writesByKey } from '../../../checkers/causal/writes-by-key.ts';
import { DEFAULT_BUDGET } from '../../../checkers/checker.ts';
import { Edges } from '../../../checkers/digraph.ts';
import { findInterleaving } from '../../../checkers/sequential/interleaving.ts';
import { sequential } from '../../../checkers/sequential/sequential.ts';
import { isSequential } from '../causal/definitions.ts';
import { causalStore, historyOfSmall, type Small, smallRegisters } from '../causal/random-registers.ts';
import { fuzz } from '../effort.ts';
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
const cas = (process: number, key: string, from: number | null, to: number): Told => ({
  process,
  f: 'cas',
  key,
  argument: [from, to],
});

const SMALL = fc.oneof(
  smallRegisters([4, 4], 2),
  smallRegisters([3, 3, 3], 1),
  smallRegisters([3, 3, 3], 2),
  causalStore(3, 2, 10, true),
  causalStore(4, 3, 10, false),
);

test('agrees with its definition on small random histories, and its proofs are illegal themselves', () => {
  let wrong = 0;
  fc.assert(
    fc.property(SMALL, (small) => {
      const history = historyOfSmall(small);
      const verdict = check(sequential(), history);
      expect(verdict.valid).toBe(isSequential(small));
      if (verdict.valid !== false) return;
      wrong++;
      const proof = new Set(verdict.anomalies[0]!.ops.flatMap((i) => [i, history.pair[i]!]));
      expect(
        check(
          sequential(),
          history.select((i) => proof.has(i)),
        ).valid,
      ).toBe(false);
    }),
    fuzz(2000, 3),
  );
  expect(wrong).toBeGreaterThan(200);
});

test('the search alone finds what the definition finds', () => {
  const withoutHelp = (sessions: Sessions): Edges => {
    const edges = new Edges();
    for (let a = 0; a < sessions.size; a++) {
      if (sessions.writer[a] !== INITIAL) continue;
      for (let b = 0; b < sessions.size; b++) {
        if (sessions.writer[b] === b && sessions.key[a] === sessions.key[b]) edges.add(a, b);
      }
    }
    return edges;
  };
  const answer = (small: Small): boolean => {
    const sessions = readSessions(historyOfSmall(small));
    if ('reason' in sessions) throw new Error(sessions.reason);
    if (sessions.thinAir.length > 0) return false;
    const must = { edges: withoutHelp(sessions), clocks: new Int32Array(sessions.size * sessions.count) };
    return findInterleaving(sessions, writesByKey(sessions), must, DEFAULT_BUDGET) === 'found';
  };
  fc.assert(
    fc.property(SMALL, (small) => {
      expect(answer(small)).toBe(isSequential(small));
    }),
    fuzz(1000, 4),
  );
});

test('a sequentially consistent history is causally convergent and causal memory', () => {
  const levels = (['causal-convergence', 'causal-memory'] as const).map((level) => causal({ level }));
  fc.assert(
    fc.property(causalStore(3, 2, 20, true), (small) => {
      const history = historyOfSmall(small);
      if (check(sequential(), history).valid !== true) return;
      for (const level of levels) expect(check(level, history).valid).toBe(true);
    }),
    fuzz(300, 5),
  );
});

test('stale reads are legal as long as one sequence explains them', () => {
  const history = tell(
    write(0, 'x', 1),
    read(1, 'x', null),
    write(0, 'y', 2),
    read(1, 'y', 2),
    read(1, 'x', 1),
  );
  expect(check(sequential(), history).valid).toBe(true);
});

test('two processes that each miss the write of the other are blamed, and nothing else', () => {
  const history = tell(
    write(2, 'z', 9),
    write(0, 'x', 1),
    write(1, 'y', 2),
    read(2, 'z', 9),
    read(0, 'y', null),
    read(1, 'x', null),
    read(2, 'x', 1),
  );
  const verdict = check(sequential(), history);
  expect(blamed(history, verdict)).toEqual(['nonsequential: 0 write, 1 write, 0 read, 1 read']);
  expect(verdict.anomalies[0]!.message).toContain('No sequence of these 4 operations');
});

test('a cas is one step', () => {
  const raced = tell(write(0, 'x', 1), cas(1, 'x', 1, 2), cas(2, 'x', 1, 3));
  const verdict = check(sequential(), raced);
  expect(blamed(raced, verdict)).toEqual(['nonsequential: 0 write, 1 cas, 2 cas']);
  const inTurn = tell(write(0, 'x', 1), cas(2, 'x', 2, 3), cas(1, 'x', 1, 2));
  expect(check(sequential(), inTurn).valid).toBe(true);
});

test('a write of unknown outcome may have happened, a failed one not', () => {
  const seen = tell(write(0, 'x', 1, { outcome: 'info' }), read(1, 'x', 1));
  expect(check(sequential(), seen).valid).toBe(true);
  const failed = tell(write(0, 'x', 1, { outcome: 'fail' }), read(1, 'x', 1));
  expect(check(sequential(), failed).anomalies.map((a) => a.kind)).toEqual(['ThinAirRead']);
});

test('values written twice and a budget too small give unknown, with the reason', () => {
  const twice = tell(write(0, 'x', 1), write(1, 'x', 1), read(0, 'x', 1));
  expect(check(sequential(), twice)).toMatchObject({ valid: 'unknown' });
  expect(check(sequential(), twice).reason).toContain('was written twice');
  const fine = tell(write(0, 'x', 1), read(0, 'x', 1));
  const verdict = sequential().check(fine, { budget: { steps: 1, bytes: 1 << 20 } });
  expect(verdict).toMatchObject({ valid: 'unknown', reason: expect.stringContaining('budget') });
});

test('a part of a history is blamed by the events of the whole', () => {
  const whole = tell(write(5, 'a', 1), write(0, 'x', 1), read(0, 'x', null));
  const part = whole.select((i) => whole.process[i] === 0);
  expect(blamed(whole, check(sequential(), part))).toEqual(['nonsequential: 0 write, 0 read']);
});
