import { expect, test } from 'vitest';
import { exponential } from '../../src/faults/latency.ts';
import { randomOf } from '../../src/world/random.ts';

const draws = (n: number, draw: () => number) => Array.from({ length: n }, draw);

test('a seed and a name give the same numbers for ever', () => {
  const stream = randomOf('golden').fork('network');
  expect(draws(4, () => stream.uint32())).toEqual([3050203215, 947765184, 844382399, 116544609]);
});

test('a number and its text are the same seed', () => {
  expect(randomOf(7).uint32()).toBe(randomOf('7').uint32());
});

test('using one stream does not shift another', () => {
  const root = randomOf(1);
  const alone = draws(5, () => root.fork('a').uint32());
  root.fork('b').uint32();
  root.uint32();
  expect(draws(5, () => root.fork('a').uint32())).toEqual(alone);
  expect(root.fork('a').uint32()).not.toBe(root.fork('b').uint32());
});

test('floats are uniform in [0, 1), integers in their range', () => {
  const stream = randomOf('uniform');
  const floats = draws(20_000, () => stream.float());
  expect(Math.min(...floats)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...floats)).toBeLessThan(1);
  expect(floats.reduce((a, b) => a + b) / floats.length).toBeCloseTo(0.5, 1);
  const counts = new Array(10).fill(0);
  for (let i = 0; i < 20_000; i++) counts[stream.int(10)]++;
  for (const count of counts) expect(Math.abs(count - 2000)).toBeLessThan(250);
  expect(new Set(draws(200, () => stream.between(3, 5)))).toEqual(new Set([3, 4, 5]));
});

test('shuffles keep every element and reach every order about equally often', () => {
  const stream = randomOf('shuffle');
  const seen = new Map<string, number>();
  for (let i = 0; i < 6000; i++) {
    const order = stream.shuffle(['a', 'b', 'c']).join('');
    seen.set(order, (seen.get(order) ?? 0) + 1);
  }
  expect(seen.size).toBe(6);
  for (const count of seen.values()) expect(Math.abs(count - 1000)).toBeLessThan(200);
});

test('exponential variates have mean 1 and the tail of e', () => {
  const stream = randomOf('exponential');
  const xs = draws(40_000, () => exponential(stream));
  expect(xs.reduce((a, b) => a + b) / xs.length).toBeCloseTo(1, 1);
  expect(xs.filter((x) => x > 1).length / xs.length).toBeCloseTo(Math.exp(-1), 1);
  expect(xs.filter((x) => x > 2).length / xs.length).toBeCloseTo(Math.exp(-2), 1);
});
