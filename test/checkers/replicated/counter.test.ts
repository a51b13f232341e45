import fc from 'fast-check';
import { expect, test } from 'vitest';
import { replicatedCounter } from '../../../checkers/replicated/counter.ts';
import { fuzz } from '../effort.ts';
import { expectAgreement, type Made, replicaRuns, type Shown } from './replicas.ts';
import { judged, read, unsure, update } from './told.ts';

const checker = replicatedCounter();
const three = [
  update('n1', 'increment', 5, {}),
  update('n2', 'increment', 7, {}),
  update('n2', 'decrement', 3, { n2: 1 }),
];

test('a read is the sum of what its replica has delivered, however little that is', () => {
  const story = [
    ...three,
    read('n1', { n1: 1 }, 5),
    read('n2', { n1: 1, n2: 1 }, 12),
    read('n3', { n2: 2, n1: 1 }, 9),
  ];
  expect(judged(checker, ...story)).toMatchObject({ valid: true, vacuous: [] });
});

test('a sum that counts an update twice, or not at all, is wrong, and the fewest updates prove it', () => {
  const found = judged(checker, ...three, read('n1', { n1: 1, n2: 2 }, 14), read('n3', { n1: 1 }, 10));
  expect(found.blamed).toEqual(['wrong-sum: 1 increment, 3 read']);
  expect(found.message).toContain("Process 3's read() = 10 at n3");
  expect(found.message).toContain('its replica had delivered 1 update, which makes 5');
  expect(judged(checker, ...three, read('n3', { n1: 1, n2: 1 }, 7)).valid).toBe(false);
});

test('an update of unknown outcome may be in a sum that counts more than is known by name', () => {
  const story = [update('n1', 'increment', 5, {}), unsure('n1', 'increment', 8)];
  expect(judged(checker, ...story, read('n2', { n1: 2 }, 13)).valid).toBe(true);
  expect(judged(checker, ...story, read('n2', { n1: 1 }, 13)).valid).toBe(false);
  expect(judged(checker, ...story, read('n2', { n1: 2 }, 14)).valid).toBe(false);
});

test('who reads nothing proves nothing', () => {
  expect(judged(checker).vacuous).toEqual(['no replica was ever read', 'no update was ever acknowledged']);
});

test('answers that do not say which updates they hold are refused', () => {
  expect(() => judged(checker, { process: 1, f: 'read', result: 5 })).toThrow(
    '{ updates: { NODE: COUNT }, state }',
  );
  expect(() => judged(checker, { process: 1, f: 'increment', argument: 5 })).toThrow(
    '{ update: "NODE:NUMBER"',
  );
  expect(() => judged(checker, read('n1', {}, [5]))).toThrow('a number as state');
});

function sumOf(updates: readonly Made[]): number {
  return updates.reduce(
    (sum, { f, argument }) => sum + (f === 'increment' ? 1 : -1) * (argument as number),
    0,
  );
}

const counters = replicaRuns(
  {
    update: (pick) => ({ f: pick % 3 === 0 ? 'decrement' : 'increment', argument: 1 + (pick % 4) }),
    state: (delivered, lie) => sumOf(delivered) + [0, 0, 0, 0, -1, 3][lie]!,
  },
  14,
);

test('agrees with the definition on small histories', () => {
  const isRight = (_: readonly Made[], shown: readonly Shown[]) =>
    shown.every(({ state, delivered }) => state === sumOf(delivered));
  expectAgreement(checker, counters, isRight);
});

test('one wrong sum planted in a right run is found, and just that read blamed', () => {
  const right = replicaRuns(
    {
      update: (pick) => ({ f: 'increment', argument: 1 + (pick % 9) }),
      state: sumOf,
    },
    40,
  );
  let planted = 0;
  fc.assert(
    fc.property(right, fc.nat(), (run, pick) => {
      const reads = [...run.story.keys()].filter((i) => run.story[i]!.f === 'read');
      if (reads.length === 0) return;
      planted++;
      const at = reads[pick % reads.length]!;
      const story = run.story.map((told, i) =>
        i === at ? { ...told, result: { ...(told.result as object), state: -1 } } : told,
      );
      expect(judged(checker, ...run.story).valid).toBe(true);
      const { blamed } = judged(checker, ...story);
      expect(blamed).toHaveLength(1);
      expect(blamed[0]).toMatch(new RegExp(`^wrong-sum: .*\\b${story[at]!.process} read$`));
    }),
    fuzz(200, 1),
  );
  expect(planted).toBeGreaterThan(150);
});
