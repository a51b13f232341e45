import { expect, test } from 'vitest';
import { broadcast } from '../../checkers/broadcast/broadcast.ts';
import type { Checker } from '../../checkers/checker.ts';
import { convergence } from '../../checkers/convergence.ts';
import { apart, type Deadline } from '../../checkers/deadline.ts';
import { coordinatedAttack } from '../../checkers/generals/coordinated-attack.ts';
import { strongEventual } from '../../checkers/strong-eventual.ts';
import { check, type Told, tell } from './story.ts';

const MS = 1_000_000;
const DEADLINE: Deadline = { within: 100 * MS };

const at = (node: string, f: string, from: number, more: Partial<Told> = {}): Told => ({
  process: Number(node.slice(1)),
  f,
  node,
  from,
  ...more,
});

/** For each promise: a checker, and a run that lacks something good, which is read at `late`. */
const CASES: readonly [string, Checker, string, (late: number) => Told[]][] = [
  [
    'delivery',
    broadcast({ level: 'reliable', deadline: DEADLINE }),
    'delivery-agreement',
    (late) => [
      at('n1', 'broadcast', 0, { argument: 'a' }),
      at('n1', 'log', late, {
        result: [
          ['broadcast', 'a'],
          ['deliver', 'a'],
        ],
      }),
      at('n2', 'log', late, { result: [] }),
    ],
  ],
  [
    'delivery',
    strongEventual(DEADLINE),
    'undelivered',
    (late) => [
      at('n1', 'add', 0, { result: 'n1:1' }),
      at('n1', 'read', late, { result: { updates: ['n1:1'], state: 1 } }),
      at('n2', 'read', late, { result: { updates: [], state: 0 } }),
    ],
  ],
  [
    'convergence',
    convergence(DEADLINE),
    'unconverged',
    (late) => [
      at('n1', 'write', 0, { argument: 1 }),
      at('n2', 'write', 10, { argument: 2 }),
      at('n1', 'read', late, { result: 1 }),
      at('n2', 'read', late, { result: 2 }),
    ],
  ],
  [
    'termination',
    coordinatedAttack(DEADLINE),
    'no-attack',
    (late) => [
      at('n1', 'plan', 0, { key: 'dawn' }),
      at('n1', 'log', late, { result: [] }),
      at('n2', 'log', late, { result: [] }),
    ],
  ],
];

test.each(CASES)(
  '%s is judged apart from safety, and only once its bound has passed (%#)',
  (property, checker, kind, story) => {
    const [safety, liveness] = apart(checker, property, DEADLINE);
    const late = tell(...story(200));
    expect(check(safety, late)).toMatchObject({ valid: true, anomalies: [] });
    const verdict = check(liveness, late);
    expect(verdict).toMatchObject({ checker: property, property: 'liveness', valid: false });
    expect(verdict.anomalies[0]!.kind).toBe(kind);

    const early = check(liveness, tell(...story(60)));
    expect(early).toMatchObject({ valid: true, anomalies: [] });
    expect(early.vacuous.join()).toContain('sooner than the 100 ms');
  },
);

test('what is bad is accused by the one, and what is late by the other', () => {
  const [safety, liveness] = apart(convergence(DEADLINE), 'convergence', DEADLINE);
  const history = tell(
    at('n1', 'write', 0, { argument: 1 }),
    at('n1', 'read', 200, { result: 7 }),
    at('n2', 'read', 200, { result: 1 }),
  );
  const kinds = (checker: Checker) => check(checker, history).anomalies.map(({ kind }) => kind);
  expect(kinds(safety)).toEqual(['thin-air']);
  expect(kinds(liveness)).toEqual(['unconverged']);
});

test('a lone attack is one only once the other has had its time: messengers may still be under way', () => {
  const story = (late: number) =>
    tell(
      at('n1', 'plan', 0, { key: 'dawn' }),
      at('n1', 'log', late, { result: [['dawn', 'attack']] }),
      at('n2', 'log', late, { result: [] }),
    );
  const checker = coordinatedAttack(DEADLINE);
  expect(check(checker, story(60))).toMatchObject({ valid: true });
  expect(check(checker, story(200)).anomalies[0]!.kind).toBe('lone-attack');
});
