import { expect, test } from 'vitest';
import { asSentences, describeOp, formatValue } from '../../checkers/describe.ts';
import { historyOf } from '../../histories/builder.ts';

test('of a long list the first and the last elements are told, and how many there are', () => {
  const numbers = Array.from({ length: 1000 }, (_, i) => i + 1);
  expect(formatValue(numbers)).toBe('[1,2,3,4, ... 997,998,999,1000] (1000 elements)');
  expect(formatValue([1, 2, 3])).toBe('[1,2,3]');
});

test('a list of few long elements, and any other long value, is cut', () => {
  const text = 'x'.repeat(100);
  for (const value of [text, [text], { text }, Array.from({ length: 20 }, () => text)]) {
    expect(formatValue(value)).toHaveLength(80);
    expect(formatValue(value)).toMatch(/\.\.\.$/);
  }
});

test('a sentence that begins with an operation begins with a capital letter, and names of nodes stay', () => {
  expect(asSentences("process 3's read() = 1 saw process 4's. process 4's came later. n1 crashed.")).toBe(
    "Process 3's read() = 1 saw process 4's. Process 4's came later. n1 crashed.",
  );
});

test('where indices stand for times, events are told and not nanoseconds', () => {
  const read = { process: 1, f: 'read', value: 2 };
  const timed = (last: number) =>
    historyOf([
      { ...read, time: 0, type: 'invoke' },
      { ...read, time: last, type: 'ok' },
    ]);
  expect(describeOp(timed(1), 0)).toContain('(events 0 to 1)');
  expect(describeOp(timed(5), 0)).toContain('(0 s to 5 ns)');
});
