import fc from 'fast-check';
import { expect, test } from 'vitest';
import { uniqueIds } from '../../checkers/unique-ids.ts';
import { fuzz } from './effort.ts';
import { blamed, check, type Told, tell } from './story.ts';

const generate = (process: number, id: unknown, more: Partial<Told> = {}): Told => ({
  process,
  f: 'generate',
  result: id,
  ...more,
});

test('different ids are right, of whatever type', () => {
  const history = tell(generate(0, 1), generate(1, '1'), generate(2, [1]), generate(3, { id: 1 }));
  expect(check(uniqueIds(), history)).toMatchObject({
    valid: true,
    vacuous: [],
    counts: { acknowledged: 4, distinct: 4 },
  });
});

test('an id that was given out twice is duplicated, by the first two who got it', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 40 }), fc.nat(), fc.nat(), (size, a, b) => {
      const first = a % size;
      const second = b % size;
      fc.pre(first !== second);
      const ids = Array.from({ length: size }, (_, i) => i);
      ids[second] = first;
      const history = tell(...ids.map((id, i) => generate(i, id)));
      const verdict = check(uniqueIds(), history);
      const [low, high] = [first, second].sort((x, y) => x - y);
      expect(blamed(history, verdict)).toEqual([`duplicated: ${low} generate, ${high} generate`]);
    }),
    fuzz(200, 1),
  );
});

test('agrees with the definition on small histories', () => {
  const id = fc.oneof(fc.nat(2), fc.constantFrom('0', [1]));
  const given = fc.record({
    id,
    outcome: fc.constantFrom('ok' as const, 'ok' as const, 'info' as const, 'fail' as const),
  });
  const seen = { unique: 0, repeated: 0 };
  fc.assert(
    fc.property(fc.array(given, { minLength: 3, maxLength: 6, size: 'max' }), (all) => {
      const texts = all.flatMap(({ id, outcome }) => (outcome === 'ok' ? [JSON.stringify(id)] : []));
      const repeated = [...new Set(texts)].filter(
        (text) => texts.filter((other) => other === text).length > 1,
      );
      const history = tell(...all.map(({ id, outcome }, i) => generate(i, id, { outcome })));
      expect(check(uniqueIds(), history).anomalies).toHaveLength(repeated.length);
      seen[repeated.length === 0 ? 'unique' : 'repeated']++;
    }),
    fuzz(500, 1),
  );
  expect(Math.min(seen.unique, seen.repeated)).toBeGreaterThan(100);
});

test('an id of which three were given out is one violation', () => {
  const verdict = check(uniqueIds(), tell(generate(0, 1), generate(1, 1), generate(2, 1)));
  expect(verdict.counts).toMatchObject({ duplicated: 1, distinct: 1 });
});

test('ids that nobody got do not count, and fewer than two are vacuous', () => {
  const history = tell(
    generate(0, 1),
    generate(1, 1, { outcome: 'info' }),
    generate(2, 1, { outcome: 'fail' }),
  );
  expect(check(uniqueIds(), history)).toMatchObject({
    valid: true,
    vacuous: ['fewer than two ids were generated'],
  });
});
