import { expect, test } from 'vitest';
import { setFull } from '../../checkers/set-full.ts';
import { blamed, check, type Told, tell } from './story.ts';

const add = (process: number, element: unknown, more: Partial<Told> = {}): Told => ({
  process,
  f: 'add',
  argument: element,
  ...more,
});
const read = (process: number, elements: unknown, more: Partial<Told> = {}): Told => ({
  process,
  f: 'read',
  result: elements,
  ...more,
});

test('a set that shows every acknowledged element is valid', () => {
  const history = tell(
    add(0, 1),
    add(1, 2, { outcome: 'info' }),
    read(2, [1]),
    add(3, 3),
    read(2, [1, 2, 3]),
  );
  const verdict = check(setFull({ linearizable: true }), history);
  expect(verdict).toMatchObject({ valid: true, vacuous: [], counts: { stable: 3, acknowledged: 2 } });
});

test('an acknowledged element that no later read shows is lost', () => {
  const history = tell(add(0, 1), add(1, 2), read(2, [1, 2]), read(3, [1]), read(4, [1]));
  const verdict = check(setFull(), history);
  expect(verdict.valid).toBe(false);
  expect(blamed(history, verdict)).toEqual(['lost: 1 add, 4 read']);
  expect(verdict.anomalies[0]!.message).toContain("Process 1's add(2) (10 ms to 15 ms) was acknowledged");
});

test('an element of unknown outcome is lost once a read has shown it', () => {
  const history = tell(add(0, 1, { outcome: 'info' }), read(1, [1]), read(2, []));
  const verdict = check(setFull(), history);
  expect(blamed(history, verdict)).toEqual(['lost: 0 add, 1 read, 2 read']);
});

test('an element of unknown outcome that no read shows is not lost', () => {
  const history = tell(add(0, 1, { outcome: 'info' }), add(1, 2), read(2, [2]));
  expect(check(setFull(), history)).toMatchObject({ valid: true, counts: { neverRead: 1 } });
});

test('a read that overlaps the add may miss its element', () => {
  const history = tell(
    add(0, 1, { from: 0, to: 20 }),
    read(1, [], { from: 10, to: 30 }),
    read(1, [1], { from: 40 }),
  );
  expect(check(setFull({ linearizable: true }), history).valid).toBe(true);
});

test('a stale read is a violation only when the set must be linearizable', () => {
  const history = tell(add(0, 1), read(1, []), read(2, [1]));
  const lenient = check(setFull(), history);
  expect(lenient).toMatchObject({ valid: true, counts: { stale: 1, stable: 1 } });
  expect(lenient.details).toMatchObject({ staleLatency: { max: 5e6 } });
  const strict = check(setFull({ linearizable: true }), history);
  expect(strict.valid).toBe(false);
  expect(blamed(history, strict)).toEqual(['stale: 0 add, 1 read, 2 read']);
});

test('a read that overlaps the one that missed an element clears it of being lost', () => {
  const history = tell(add(0, 1), read(1, [1], { from: 20, to: 60 }), read(2, [], { from: 30, to: 40 }));
  expect(check(setFull(), history)).toMatchObject({ valid: true, counts: { stale: 1 } });
});

test('an element that stands twice in one read is duplicated', () => {
  const history = tell(add(0, 1), read(1, [1, 1]));
  expect(blamed(history, check(setFull(), history))).toEqual(['duplicated: 0 add, 1 read']);
});

test('an element that nobody added, or whose add failed or came later, is unexpected', () => {
  const history = tell(add(0, 1, { outcome: 'fail' }), read(1, [1, 2, 3]), add(0, 3));
  const verdict = check(setFull(), history);
  expect(blamed(history, verdict)).toEqual([
    'unexpected: 1 read',
    'unexpected: 0 add, 1 read',
    'unexpected: 0 add, 1 read',
  ]);
});

test('sets of different keys are apart', () => {
  const history = tell(
    add(0, 1, { key: 'a' }),
    add(0, 1, { key: 'b' }),
    read(1, [1], { key: 'a' }),
    read(1, [], { key: 'b' }),
  );
  const verdict = check(setFull(), history);
  expect(verdict.anomalies.map((a) => [a.kind, a.key])).toEqual([['lost', 'b']]);
});

test('without a read after the last acknowledged add a pass is vacuous', () => {
  expect(check(setFull(), tell(add(0, 1), read(1, [1]), add(0, 2))).vacuous).toHaveLength(1);
  expect(check(setFull(), tell(add(0, 1))).vacuous).toHaveLength(1);
  expect(check(setFull(), tell()).vacuous).toEqual(['no add and no read']);
});

test('a read that is not an array is refused by name', () => {
  expect(() => check(setFull(), tell(read(0, 7)))).toThrow(
    'event 1 (read): the value must be an array of elements, not 7',
  );
});

test('equal JSON values are one element', () => {
  const history = tell(add(0, { a: 1 }), read(1, [{ a: 1 }]));
  expect(check(setFull({ linearizable: true }), history)).toMatchObject({
    valid: true,
    counts: { stable: 1 },
  });
});
