import { expect, test } from 'vitest';
import { formatNemesis, parseNemeses } from '../../src/spec/nemesis-text.ts';

test('a comma before name=value goes on with the nemesis before it', () => {
  expect(parseNemeses('partition:kinds=halves+ring,interval=5s,kill,pause:targets=one')).toEqual([
    { name: 'partition', parameters: { kinds: 'halves+ring', interval: '5s' } },
    { name: 'kill', parameters: {} },
    { name: 'pause', parameters: { targets: 'one' } },
  ]);
});

test('none is no nemesis', () => {
  expect(parseNemeses('none')).toEqual([]);
});

test('a value may hold colons and equals signs', () => {
  expect(parseNemeses('a:x=b:c=d')).toEqual([{ name: 'a', parameters: { x: 'b:c=d' } }]);
});

test('what is written reads back', () => {
  for (const text of ['kill', 'kill:targets=one+all,interval=5s'])
    expect(parseNemeses(text).map(formatNemesis)).toEqual([text]);
  expect(formatNemesis({ name: 'kill', parameters: { targets: ['one', 'all'] } })).toBe(
    'kill:targets=one+all',
  );
});

test.each(['interval=5s', 'kill:interval', ',=5'])('%j is refused', (text) => {
  expect(() => parseNemeses(text)).toThrow(/^nemesis "/);
});
