import { expect, test } from 'vitest';
import { replicatedRegister } from '../../../checkers/replicated/register.ts';
import { judged, read, unsure, update } from './told.ts';

const checker = replicatedRegister();
const concurrent = [update('n1', 'write', 1, {}), update('n2', 'write', 2, {})];
const BOTH = { n1: 1, n2: 1 };

test('of concurrent writes any may win, if it wins everywhere', () => {
  for (const winner of [1, 2])
    expect(judged(checker, ...concurrent, read('n1', BOTH, winner), read('n3', BOTH, winner)).valid).toBe(
      true,
    );
  const found = judged(checker, ...concurrent, read('n1', BOTH, 1), read('n3', BOTH, 2));
  expect(found.blamed).toEqual(['arbitration: 2 write, 1 write, 1 read, 3 read']);
  expect(found.message).toContain('they disagree which came last');
});

test('replicas that have heard of different writes must agree on those that both have', () => {
  const third = update('n3', 'write', 3, {});
  const story = [...concurrent, third, read('n1', BOTH, 1), read('n2', { ...BOTH, n3: 1 }, 2)];
  expect(judged(checker, ...story).blamed[0]).toMatch(/^arbitration/);
});

test('a write whose replica knew a value replaces it', () => {
  const later = [update('n1', 'write', 1, {}), update('n2', 'write', 2, { n1: 1 })];
  expect(judged(checker, ...later, read('n3', BOTH, 2)).valid).toBe(true);
  expect(judged(checker, ...later, read('n3', { n1: 1 }, 1)).valid).toBe(true);
  expect(judged(checker, ...later, read('n3', BOTH, 1)).blamed).toEqual([
    'resurrected: 1 write, 2 write, 3 read',
  ]);
});

test('a value comes from a write that was delivered, and is there if one was', () => {
  expect(judged(checker, ...concurrent, read('n3', { n1: 1 }, 2)).blamed).toEqual(['thin-air: 3 read']);
  expect(judged(checker, ...concurrent, read('n3', { n1: 1 }, null)).blamed).toEqual([
    'lost: 1 write, 3 read',
  ]);
  expect(judged(checker, ...concurrent, read('n3', {}, null)).valid).toBe(true);
});

test('a write of unknown outcome may win where more is counted than is known by name', () => {
  const story = [...concurrent, unsure('n3', 'write', 3)];
  expect(judged(checker, ...story, read('n1', { ...BOTH, n3: 1 }, 3)).valid).toBe(true);
  expect(judged(checker, ...story, read('n1', BOTH, 3)).valid).toBe(false);
});
