import { expect, test } from 'vitest';
import { availability } from '../../checkers/availability.ts';
import { blamed, check, type Told, tell } from './story.ts';

const SECOND = 1000;
/** n1 apart from n2 and n3. */
const grudge = { n1: ['n2', 'n3'], n2: ['n1'], n3: ['n1'] };
const cut = (from: number): Told => ({ process: 'nemesis', f: 'network/cut', argument: { grudge }, from });
const heal = (from: number): Told => ({ process: 'nemesis', f: 'network/heal', argument: { grudge }, from });
const read = (node: string, from: number, more: Partial<Told> = {}): Told => ({
  process: Number(node.slice(1)),
  f: 'read',
  node,
  from,
  ...more,
});
const refused = { outcome: 'fail' } as const;
const demanded = availability({ demanded: true });

test('operations are told apart by the side of the partition that their node is on', () => {
  const history = tell(
    read('n1', 0),
    cut(10),
    read('n1', 20, refused),
    read('n2', 30),
    read('n3', 40, { outcome: 'info' }),
    heal(50),
    read('n1', 60),
  );
  const verdict = check(availability(), history);
  expect(verdict).toMatchObject({
    valid: true,
    counts: {
      'whole operations': 2,
      'whole ok': 2,
      'majority operations': 2,
      'majority ok': 1,
      'minority operations': 1,
      'minority ok': 0,
    },
  });
  expect(verdict.notes?.at(-1)).toBe("on a minority's side of a partition 0 of 1 operation succeeded (0 %)");
});

test('a node that hears the others and is not heard has no majority with it', () => {
  const deaf = { n2: ['n1'], n3: ['n1'] };
  const history = tell(
    { process: 'nemesis', f: 'network/cut', argument: { grudge: deaf } },
    read('n1', 20),
    read('n2', 30),
  );
  const { counts } = check(availability(), history);
  expect(counts).toMatchObject({ 'minority operations': 1, 'majority operations': 1 });
});

test('of a node that crashed for good no answer is demanded, not even after the healing', () => {
  const kill: Told = {
    process: 'nemesis',
    f: 'process/kill',
    argument: { node: 'n1', forever: true },
    from: 0,
  };
  const over: Told = { process: 'nemesis', f: 'heal', from: 100 };
  expect(check(demanded, tell(kill, over, read('n1', 9 * SECOND, refused))).valid).toBe(true);
  expect(check(demanded, tell(kill, over, read('n2', 9 * SECOND, refused))).valid).toBe(false);
});

test('where availability is promised, an operation on a node that is up must succeed', () => {
  const history = tell(read('n2', 0), cut(10), read('n1', 20, refused));
  const verdict = check(demanded, history);
  expect(blamed(history, verdict)).toEqual(['unavailable: 1 read']);
  expect(verdict.anomalies[0]!.message).toContain("asked on a minority's side of a partition");
});

test.each([
  ['process/kill', 'process/start'],
  ['process/pause', 'process/resume'],
  ['disk/eio', 'disk/heal'],
])('a node under %s owes no answer, nor for a while after', (fault, repair) => {
  const on = { argument: { node: 'n1' }, process: 'nemesis' } as const;
  const story = (at: number, node = 'n1') =>
    tell(
      { ...on, f: fault, from: 0 },
      { ...on, f: repair, from: SECOND },
      read('n2', 0),
      read(node, at, refused),
    );
  expect(check(demanded, story(500)).valid).toBe(true);
  expect(check(demanded, story(2 * SECOND)).valid).toBe(true);
  expect(check(demanded, story(5 * SECOND)).valid).toBe(false);
  expect(check(demanded, story(500, 'n3')).valid).toBe(false);
});
