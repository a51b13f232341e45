import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pnCounter } from '../../checkers/pn-counter.ts';
import { fuzz } from './effort.ts';
import { blamed, check, type Told, tell } from './story.ts';

const add = (node: string, delta: number, outcome: 'ok' | 'info' | 'fail' = 'ok'): Told => ({
  process: Number(node.slice(1)),
  f: 'add',
  argument: delta,
  node,
  outcome,
});
const read = (node: string, sum: number): Told => ({
  process: 10 + Number(node.slice(1)),
  f: 'read',
  result: sum,
  node,
});
const cut: Told = { process: 'nemesis', f: 'network/cut' };
const heal: Told = { process: 'nemesis', f: 'heal' };

test('final reads that agree on a possible sum are right; earlier ones do not count', () => {
  const history = tell(
    cut,
    add('n1', 5),
    add('n2', -2),
    read('n1', 5),
    read('n2', -2),
    heal,
    read('n1', 3),
    read('n2', 3),
  );
  expect(check(pnCounter(), history)).toMatchObject({ valid: true, vacuous: [], counts: { finalReads: 2 } });
});

test('adds of unknown outcome may be in the sum, failed ones not', () => {
  const story = (sum: number): Told[] => [
    add('n1', 5),
    add('n2', 3, 'info'),
    add('n3', 7, 'fail'),
    read('n1', sum),
  ];
  for (const sum of [5, 8]) expect(check(pnCounter(), tell(...story(sum))).valid).toBe(true);
  for (const sum of [0, 3, 6, 12, 15]) {
    const history = tell(...story(sum));
    expect(blamed(history, check(pnCounter(), history))).toEqual(['wrong-sum: 11 read']);
  }
});

test('nodes that answer differently at the end have diverged', () => {
  const history = tell(add('n1', 1, 'info'), read('n1', 0), read('n2', 1));
  const verdict = check(pnCounter(), history);
  expect(blamed(history, verdict)).toEqual(['unconverged: 11 read, 12 read']);
  expect(verdict.anomalies[0]!.message).toContain('n1 says 0 and n2 says 1');
});

test('a sum is wrong exactly if no choice of the uncertain adds gives it', () => {
  const deltas = fc.array(fc.integer({ min: -20, max: 20 }), { maxLength: 8 });
  fc.assert(
    fc.property(deltas, deltas, fc.integer({ min: -60, max: 60 }), (certain, uncertain, sum) => {
      const base = certain.reduce((a, b) => a + b, 0);
      const sums = uncertain.reduce((all, delta) => all.flatMap((s) => [s, s + delta]), [base]);
      const adds = [
        ...certain.map((delta) => add('n1', delta)),
        ...uncertain.map((delta) => add('n2', delta, 'info')),
      ];
      expect(check(pnCounter(), tell(...adds, read('n3', sum))).valid).toBe(sums.includes(sum));
    }),
    fuzz(1000, 1),
  );
});

test('so many uncertain adds that their sums are too many are judged by their bounds', () => {
  const adds = Array.from({ length: 40 }, (_, i) => add('n1', 1000 ** (i % 5) * (i + 1), 'info'));
  expect(check(pnCounter(), tell(...adds, read('n1', 0))).valid).toBe(true);
  expect(check(pnCounter(), tell(...adds, read('n1', -1))).valid).toBe(false);
});

test('a pass says when it is vacuous', () => {
  expect(check(pnCounter(), tell(cut, add('n1', 1), read('n1', 0))).vacuous).toEqual([
    'faults were injected and never healed, so nothing had to converge',
  ]);
  expect(check(pnCounter(), tell(add('n1', 1))).vacuous).toEqual([
    'no final read: none succeeded after the healing and the last add',
  ]);
  expect(check(pnCounter(), tell(read('n1', 0))).vacuous).toEqual(['nothing was ever added']);
});
