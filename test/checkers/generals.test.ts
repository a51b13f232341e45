import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Checker } from '../../checkers/checker.ts';
import { byzantineAgreement } from '../../checkers/generals/byzantine-agreement.ts';
import { coordinatedAttack } from '../../checkers/generals/coordinated-attack.ts';
import { fuzz } from './effort.ts';
import { blamed, check, type Told, tell } from './story.ts';

const command = (node: string, order: string, council: number, more: Partial<Told> = {}): Told => ({
  process: Number(node.slice(1)),
  node,
  f: 'command',
  argument: order,
  result: { council, decision: order },
  ...more,
});

const log = (node: string, decisions: readonly unknown[], more: Partial<Told> = {}): Told => ({
  process: Number(node.slice(1)),
  node,
  f: 'log',
  result: decisions,
  ...more,
});

const plan = (battle: string, more: Partial<Told> = {}): Told => ({
  process: 1,
  node: 'n1',
  f: 'plan',
  key: battle,
  ...more,
});

const fault = (f: string, node: string): Told => ({ process: 'nemesis', f, argument: { node } });
const HEAL: Told = { process: 'nemesis', f: 'heal' };

function judge(checker: Checker, story: readonly Told[]) {
  const history = tell(...story);
  const verdict = check(checker, history);
  return { ...verdict, blamed: blamed(history, verdict), message: verdict.anomalies[0]?.message };
}

const agreement = (...story: readonly Told[]) => judge(byzantineAgreement(), story);
const attack = (...story: readonly Told[]) => judge(coordinatedAttack(), story);

test('honest nodes that decide alike, and as an honest commander ordered, agree', () => {
  const found = agreement(command('n1', 'attack', 5), log('n1', [[5, 'attack']]), log('n2', [[5, 'attack']]));
  expect(found).toMatchObject({
    valid: true,
    vacuous: [],
    counts: { councils: 1, orders: 1, honest: 2, faulty: 0 },
  });
});

test('two honest nodes that decide differently break agreement', () => {
  const found = agreement(log('n1', [[5, 'attack']]), log('n2', [[5, 'retreat']]));
  expect(found.blamed).toEqual(['agreement: 1 log, 2 log']);
  expect(found.message).toBe(
    'In council 5, n1 decided "attack" and n2 decided "retreat", and both are honest.',
  );
});

test('a node that heard nothing decides to retreat, once all is over', () => {
  const attacks = log('n1', [[5, 'attack']]);
  expect(agreement(attacks, log('n2', [])).message).toContain('n2 decided "retreat", for it heard nothing');
  expect(agreement(log('n1', [[5, 'retreat']]), log('n2', [])).valid).toBe(true);
  const early = [
    log('n2', []),
    attacks,
    command('n1', 'attack', 6),
    log('n1', [
      [5, 'attack'],
      [6, 'attack'],
    ]),
  ];
  expect(agreement(...early).valid).toBe(true);
});

test('an honest commander who is not obeyed breaks validity', () => {
  const found = agreement(
    command('n1', 'attack', 5),
    log('n2', [[5, 'retreat']]),
    log('n3', [[5, 'retreat']]),
  );
  expect(found.blamed).toEqual(['validity: 1 command, 2 log']);
  expect(found.message).toContain(
    'was an order of an honest commander, yet n2 decided "retreat", which is honest too.',
  );
});

test.each(['process/lie', 'process/kill', 'disk/lose-unsynced'])(
  'a node hit by %s is not judged, nor are its orders',
  (kind) => {
    const story = (order: string) => [
      fault(kind, 'n1'),
      HEAL,
      command('n1', 'attack', 5),
      log('n1', [[5, 'attack']]),
      log('n2', [[5, order]]),
      log('n3', [[5, 'retreat']]),
    ];
    expect(agreement(...story('retreat')).valid).toBe(true);
    expect(agreement(...story('attack')).blamed).toEqual(['agreement: 2 log, 3 log']);
  },
);

test('a pass says when nobody honest told anything, nothing was decided, or nobody ever attacked', () => {
  expect(agreement(log('n1', [[5, 'attack']])).vacuous).toEqual([
    'fewer than two honest nodes told what they decided',
  ]);
  expect(agreement(log('n1', []), log('n2', [])).vacuous).toEqual(['nothing was ever decided']);
  const retreats = agreement(log('n1', [[5, 'retreat']]), log('n2', []));
  expect(retreats.vacuous[0]).toContain('every decision was retreat');
});

test('what is no log of decisions is said to be none', () => {
  expect(() => agreement(log('n1', [5]))).toThrow('a list of [subject, decision]');
});

test('generals who attack together, or not at all, are coordinated', () => {
  const both = [['b1', 'attack']];
  const found = attack(plan('b1'), plan('b2'), log('n1', both), log('n2', both));
  expect(found).toMatchObject({ valid: true, vacuous: [], counts: { plans: 2, battles: 1 } });
});

test('one who attacks alone when all is over is named, and so is the other', () => {
  const found = attack(plan('b1'), log('n1', [['b1', 'attack']]), log('n2', []));
  expect(found.blamed).toEqual(['lone-attack: 1 log, 2 log']);
  expect(found.message).toBe(
    'In battle "b1" n1 attacks and n2 does not: when all was over, n2 had still not decided to.',
  );
  const notOver = [plan('b1'), log('n2', []), log('n1', [['b1', 'attack']]), plan('b2')];
  expect(attack(...notOver).valid).toBe(true);
  expect(attack(...notOver).vacuous).toEqual(['fewer than two nodes told what they decided']);
});

test('nobody attacks in a battle that nobody planned', () => {
  const both = [['b1', 'attack']];
  expect(attack(plan('b2'), log('n1', both), log('n2', both)).blamed).toEqual([
    'validity: 1 log',
    'validity: 2 log',
  ]);
  expect(attack(plan('b1', { outcome: 'fail' }), log('n1', both), log('n2', both)).valid).toBe(false);
  expect(attack(plan('b1', { outcome: 'info' }), log('n1', both), log('n2', both)).valid).toBe(true);
  expect(attack(plan('b1'), log('n1', []), log('n2', [])).vacuous).toEqual(['nobody ever attacked']);
});

type Decision = 'attack' | 'retreat' | null;
const decision = fc.constantFrom<Decision>('attack', 'attack', 'retreat', null);

/** Three nodes, of which one may be a traitor; two councils: who commands what in each, and what each node decided. */
const scenario = fc.record({
  traitor: fc.constantFrom(null, 'n1', 'n2', 'n3'),
  councils: fc.array(
    fc.record({
      commander: fc.constantFrom('n1', 'n2', 'n3'),
      order: fc.constantFrom('attack', 'retreat'),
      decisions: fc.oneof(
        fc.tuple(decision, decision, decision),
        decision.map((d): [Decision, Decision, Decision] => [d, d, d]),
      ),
    }),
    { minLength: 1, maxLength: 2 },
  ),
});

test('agrees with the definitions of IC1 and IC2 on all sorts of councils', () => {
  const seen = new Map<string, number>();
  fc.assert(
    fc.property(scenario, ({ traitor, councils }) => {
      const nodes = ['n1', 'n2', 'n3'];
      const told = councils.map(({ commander, order }, i) => command(commander, order, i));
      const logs = nodes.map((node, n) =>
        log(
          node,
          councils.flatMap(({ decisions }, i) => (decisions[n] === null ? [] : [[i, decisions[n]]])),
        ),
      );
      const lies = traitor === null ? [] : [fault('process/lie', traitor), HEAL];
      const kinds = [
        ...new Set(agreement(...lies, ...told, ...logs).anomalies.map(({ kind }) => kind)),
      ].sort();

      const honest = nodes.map((node, n) => ({ node, n })).filter(({ node }) => node !== traitor);
      const broken = new Set<string>();
      for (const { commander, order, decisions } of councils) {
        const decided = honest.map(({ n }) => decisions[n] ?? 'retreat');
        if (new Set(decided).size > 1) broken.add('agreement');
        if (commander !== traitor && decided.some((d) => d !== order)) broken.add('validity');
      }
      expect(kinds).toEqual([...broken].sort());
      for (const kind of kinds.length === 0 ? ['none'] : kinds) seen.set(kind, (seen.get(kind) ?? 0) + 1);
    }),
    fuzz(1500, 1),
  );
  for (const kind of ['none', 'agreement', 'validity']) expect(seen.get(kind), kind).toBeGreaterThan(100);
});

/** Two generals, who plan battles and tell what they have decided, in any order; the last word of each is not always final. */
const campaign = fc.array(
  fc.record({
    node: fc.constantFrom('n1', 'n2'),
    plans: fc.boolean(),
    battle: fc.constantFrom('b1', 'b2'),
    outcome: fc.constantFrom('ok' as const, 'ok' as const, 'info' as const, 'fail' as const),
    attacks: fc.subarray(['b1', 'b2']),
  }),
  { maxLength: 7 },
);

test('agrees with the definitions of lone and unplanned attacks on small histories', () => {
  const seen = new Map<string, number>();
  fc.assert(
    fc.property(campaign, (steps) => {
      const story = steps.map(({ node, plans, battle, outcome, attacks }) =>
        plans
          ? plan(battle, { node, outcome })
          : log(
              node,
              attacks.map((each) => [each, 'attack']),
            ),
      );
      const last = ['n1', 'n2'].map((node) =>
        steps.findLastIndex((step) => !step.plans && step.node === node),
      );
      const lastPlan = steps.findLastIndex((step) => step.plans);
      const expected = [];
      const attacks = (i: number, battle: string) => i >= 0 && steps[i]!.attacks.includes(battle);
      for (const battle of ['b1', 'b2']) {
        for (const [i, j] of [last, last.toReversed()] as [number, number][]) {
          if (!attacks(i, battle)) continue;
          if (j > lastPlan && !attacks(j, battle)) expected.push('lone-attack');
          const planned = steps.some(
            (step, at) => step.plans && step.battle === battle && step.outcome !== 'fail' && at < i,
          );
          if (!planned) expected.push('validity');
        }
      }
      const found = attack(...story).anomalies.map(({ kind }) => kind);
      expect(found.sort()).toEqual(expected.sort());
      for (const kind of found.length === 0 ? ['none'] : found) seen.set(kind, (seen.get(kind) ?? 0) + 1);
    }),
    fuzz(1500, 1),
  );
  for (const kind of ['none', 'lone-attack', 'validity'])
    expect(seen.get(kind) ?? 0, kind).toBeGreaterThan(100);
});
