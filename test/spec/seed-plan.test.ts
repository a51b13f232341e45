import { expect, test } from 'vitest';
import {
  endless,
  formatSeeds,
  positionOf,
  readSeeds,
  seedAt,
  seedCount,
  seedRange,
} from '../../src/spec/seed-plan.ts';

test('ranges, numbers and texts follow one another', () => {
  const plan = readSeeds(['1..3', 77, 'nightly', '10..11']);
  expect(seedCount(plan)).toBe(7);
  const seeds = [...Array(8).keys()].map((position) => seedAt(plan, position));
  expect(seeds).toEqual([1, 2, 3, 77, 'nightly', 10, 11, undefined]);
  expect(formatSeeds(plan)).toBe('1..3, 77, nightly, 10..11');
});

test('a seed is found where it stands', () => {
  const plan = readSeeds(['5..9', 'x', 77]);
  for (let i = 0; i < seedCount(plan); i++) expect(positionOf(plan, seedAt(plan, i)!)).toBe(i);
  expect(positionOf(plan, 4)).toBeUndefined();
  expect(positionOf(plan, 'y')).toBeUndefined();
});

test('seeds without end have a position for every number', () => {
  const plan = endless(100);
  expect(seedAt(plan, 1e12)).toBe(100 + 1e12);
  expect(positionOf(plan, 99)).toBeUndefined();
  expect(seedCount(seedRange(1, 5))).toBe(5);
});

test.each([
  ['9..1', 'the range 9..1 is empty; write 1..9'],
  [['1..5', 3], '1..5 and 3 share seeds'],
  [['a', 'a'], 'a and a share seeds'],
  [[], 'expected at least one seed'],
  [[{}], 'expected numbers, ranges like 1..100, or texts'],
  ['', 'expected numbers, ranges like 1..100, or texts'],
])('%j is refused', (given, message) => {
  expect(() => readSeeds(given)).toThrow(message);
});
