import fc from 'fast-check';
import { expect, test } from 'vitest';
import { set } from '../../checkers/set.ts';
import { fuzz } from './effort.ts';
import { blamed, check, type Told, tell } from './story.ts';

const add = (process: number, element: unknown, more: Partial<Told> = {}): Told => ({
  process,
  f: 'add',
  argument: element,
  ...more,
});
const read = (process: number, elements: unknown): Told => ({ process, f: 'read', result: elements });

test('a last read that holds what was acknowledged, and perhaps what is unknown, is right', () => {
  const history = tell(
    add(0, 1),
    add(1, 2, { outcome: 'info' }),
    add(2, 3, { outcome: 'fail' }),
    read(3, []),
    read(3, [1, 2]),
  );
  expect(check(set(), history)).toMatchObject({
    valid: true,
    vacuous: [],
    counts: { ok: 1, recovered: 1, acknowledged: 1 },
  });
});

test('an add that overlaps the last read may be missing', () => {
  const history = tell(add(0, 1, { from: 0, to: 30 }), { ...read(1, []), from: 10, to: 20 });
  expect(check(set(), history).valid).toBe(true);
});

test('what was never added, surely failed or came later is unexpected', () => {
  const history = tell(add(0, 1, { outcome: 'fail' }), read(1, [1, 2, 3]), add(0, 3));
  expect(blamed(history, check(set(), history))).toEqual([
    'unexpected: 1 read',
    'unexpected: 0 add, 1 read',
    'unexpected: 0 add, 1 read',
  ]);
});

test('one element that a right last read lacks is lost, and just that one', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 30 }), fc.nat(), fc.nat(2), (size, choice, keys) => {
      const element = choice % size;
      const key = (i: number): string => `k${i % (keys + 1)}`;
      const adds = Array.from({ length: size }, (_, i) => add(i % 5, i, { key: key(i) }));
      const held = (k: string): number[] =>
        adds.flatMap((told, i) => (told.key === k && i !== element ? [i] : []));
      const reads = [0, 1, 2]
        .slice(0, keys + 1)
        .map((i): Told => ({ ...read(9, held(key(i))), key: key(i) }));
      const history = tell(...adds, ...reads);
      const verdict = check(set(), history);
      expect(verdict.anomalies.map(({ kind, ops, key }) => [kind, history.value(ops[0]!), key])).toEqual([
        ['lost', element, key(element)],
      ]);
    }),
    fuzz(200, 1),
  );
});

test('without a read a pass is vacuous', () => {
  expect(check(set(), tell(add(0, 1)))).toMatchObject({ valid: true, vacuous: ['no read ever succeeded'] });
  expect(check(set(), tell()).vacuous).toEqual(['no add and no read']);
});

test('a read that is not an array is refused by name', () => {
  expect(() => check(set(), tell(add(0, 1), read(1, 7)))).toThrow(
    'event 3 (read): the value must be an array',
  );
});
