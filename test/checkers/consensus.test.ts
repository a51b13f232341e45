import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type ConsensusOptions, consensus } from '../../checkers/consensus.ts';
import { operationsOf } from '../../checkers/operations.ts';
import type { History } from '../../histories/history.ts';
import { fuzz } from './effort.ts';
import { blamed, check, type Told, tell } from './story.ts';

const propose = (node: string, value: unknown, decided: unknown, more: Partial<Told> = {}): Told => ({
  process: Number(node.slice(1)),
  node,
  f: 'propose',
  argument: value,
  result: decided,
  key: 'x',
  ...more,
});

function judge(story: readonly Told[], options: ConsensusOptions = {}) {
  const history = tell(...story);
  const verdict = check(consensus(options), history);
  return { ...verdict, blamed: blamed(history, verdict), message: verdict.anomalies[0]?.message };
}

test('one of the proposed values, decided everywhere, is consensus', () => {
  const found = judge([
    propose('n1', 1, 2, { from: 0, to: 30 }),
    propose('n2', 2, 2, { from: 0, to: 20 }),
    propose('n3', 3, 2),
    propose('n1', 4, 5, { key: 'y', from: 50, to: 60 }),
    propose('n2', 5, 5, { key: 'y', from: 50, to: 60 }),
  ]);
  expect(found).toMatchObject({ valid: true, vacuous: [], counts: { decisions: 2, contested: 2 } });
});

test('two nodes that decide differently break agreement', () => {
  const found = judge([propose('n1', 1, 1), propose('n2', 2, 1), propose('n3', 3, 3)]);
  expect(found.blamed).toEqual(['agreement: 1 propose, 3 propose']);
  expect(found.message).toBe(
    'Two values were decided for key "x", 1 on n1 and 3 on n3: process 1\'s propose("x", 1) at n1 (0 s to 5 ms) and ' +
      'process 3\'s propose("x", 3) at n3 (20 ms to 25 ms).',
  );
});

test('a node that changes its mind breaks integrity, and no other node need disagree', () => {
  const found = judge([propose('n1', 1, 1), propose('n1', 2, 2)]);
  expect(found.blamed).toEqual(['integrity: 1 propose, 1 propose']);
  expect(found.message).toContain('n1 decided twice for key "x", first 1 and then 2');
});

test('a decision that nobody proposed breaks validity', () => {
  expect(judge([propose('n1', 1, 7)]).blamed).toEqual(['validity: 1 propose']);
  expect(judge([propose('n1', 1, 7), propose('n2', 7, 7)]).blamed).toEqual([
    'validity: 2 propose, 1 propose',
  ]);
  const failed = propose('n2', 7, null, { outcome: 'fail' });
  expect(judge([failed, propose('n1', 1, 7)]).blamed).toEqual(['validity: 2 propose, 1 propose']);
  const unknown = propose('n2', 7, null, { outcome: 'info' });
  expect(judge([unknown, propose('n1', 1, 7)]).valid).toBe(true);
});

test('decisions for different keys have nothing to do with each other', () => {
  expect(judge([propose('n1', 1, 1), propose('n2', 2, 2, { key: 'y' })]).valid).toBe(true);
});

test('a node that never answers once the faults are over breaks termination where that is asked for', () => {
  const story = [
    propose('n1', 1, 1),
    propose('n2', 2, null, { outcome: 'info' }),
    { process: 'nemesis', f: 'cut' },
    { process: 'nemesis', f: 'heal' },
    propose('n1', 3, 1),
    propose('n2', 4, null, { outcome: 'fail' }),
    propose('n2', 5, null, { outcome: 'info' }),
  ] satisfies Told[];
  expect(judge(story)).toMatchObject({
    valid: true,
    vacuous: ['1 time a node gave no decision though every fault was over'],
  });
  expect(judge(story, { termination: { within: 0 } }).blamed).toEqual(['termination: 2 propose']);
  expect(judge([...story, propose('n2', 6, 1)], { termination: { within: 0 } }).valid).toBe(true);
  const cutOff = propose('n2', 6, null, { outcome: 'none' });
  expect(judge([...story, cutOff], { termination: { within: 0 } }).valid).toBe(true);
  expect(judge([...story, { process: 'nemesis', f: 'cut' }], { termination: { within: 0 } }).valid).toBe(
    true,
  );
});

test('a pass without a decision or without rivals is vacuous', () => {
  expect(judge([]).vacuous).toEqual(['no proposal']);
  expect(judge([propose('n1', 1, null, { outcome: 'info' })]).vacuous).toContain('nothing was ever decided');
  expect(judge([propose('n1', 1, 1), propose('n2', 1, 1)]).vacuous).toEqual([
    'no two proposals for the same key differed',
  ]);
});

interface Proposal {
  readonly node: number;
  readonly value: number;
  readonly decided: number;
  readonly outcome: 'ok' | 'fail' | 'info';
  readonly from: number;
  readonly takes: number;
}

const proposals = (decided: fc.Arbitrary<number>): fc.Arbitrary<Proposal[]> =>
  fc.array(
    fc.record({
      node: fc.integer({ min: 1, max: 3 }),
      value: fc.nat(3),
      decided,
      outcome: fc.constantFrom('ok', 'ok', 'ok', 'fail', 'info'),
      from: fc.nat(40),
      takes: fc.integer({ min: 1, max: 40 }),
    }),
    { maxLength: 6 },
  );

const told = (all: readonly Proposal[]): Told[] =>
  all.map(({ node, value, decided, outcome, from, takes }, i) =>
    propose(`n${node}`, value, decided, { process: i, outcome, from, to: from + takes }),
  );

/** The kinds of anomaly by their definitions, over every pair of operations. */
function brokenByDefinition(history: History): string[] {
  const ops = operationsOf(history);
  const answers = ops.filter((op) => op.outcome === 'ok');
  const differ = (same: boolean) =>
    answers.some((a) => answers.some((b) => a.result !== b.result && (a.node === b.node) === same));
  const proposed = (value: unknown, before: number) =>
    ops.some((op) => op.argument === value && op.outcome !== 'fail' && op.begin < before);
  const broken = [];
  if (differ(false)) broken.push('agreement');
  if (differ(true)) broken.push('integrity');
  if (answers.some((op) => !proposed(op.result, op.end))) broken.push('validity');
  return broken;
}

test('agrees with the definitions on small histories', () => {
  const seen = new Map<string, number>();
  fc.assert(
    fc.property(proposals(fc.constantFrom(0, 0, 0, 1, 2)), (all) => {
      const history = tell(...told(all));
      const kinds = [...new Set(check(consensus(), history).anomalies.map(({ kind }) => kind))].sort();
      expect(kinds).toEqual(brokenByDefinition(history));
      for (const kind of kinds.length === 0 ? ['none'] : kinds) seen.set(kind, (seen.get(kind) ?? 0) + 1);
    }),
    fuzz(2000, 1),
  );
  for (const kind of ['none', 'agreement', 'integrity', 'validity'])
    expect(seen.get(kind), kind).toBeGreaterThan(100);
});

test('one planted lie in a right history is found, and blamed', () => {
  const right = proposals(fc.constant(9)).filter((all) => all.some(({ outcome }) => outcome === 'ok'));
  fc.assert(
    fc.property(right, fc.nat(), (all, pick) => {
      const story = [propose('n4', 9, 9, { process: 90, from: 0, to: 2 }), ...told(all)];
      expect(judge(story).valid).toBe(true);
      const answers = story.filter(({ outcome }, i) => i > 0 && outcome === 'ok');
      const liar = answers[pick % answers.length]!;
      const lies = story.map((op) => (op === liar ? { ...op, result: 77 } : op));
      const history = tell(...lies);
      const { anomalies } = check(consensus(), history);
      const liars = anomalies.map(({ ops }) => ops.some((i) => history.op(i).process === liar.process));
      expect(liars).not.toContain(false);
      expect(anomalies.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['agreement', 'validity']));
    }),
    fuzz(500, 1),
  );
});
