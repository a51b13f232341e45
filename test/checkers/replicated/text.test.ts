import fc from 'fast-check';
import { expect, test } from 'vitest';
import { replicatedText } from '../../../checkers/replicated/text.ts';
import { fuzz } from '../effort.ts';
import type { Told } from '../story.ts';
import { judged, read, unsure, update } from './told.ts';

const strong = replicatedText();
const weak = replicatedText({ level: 'weak' });

type Vector = Readonly<Record<string, number>>;

function edit(node: string, f: string, argument: object, saw: Vector, more: object): Told {
  const told = update(node, f, argument, saw);
  return { ...told, result: { ...(told.result as object), ...more } };
}
const insert = (node: string, element: string, at: number, saw: Vector, state: string) =>
  edit(node, 'insert', { element, at }, saw, { state: [...state] });
const remove = (node: string, element: string, at: number, saw: Vector, state: string) =>
  edit(node, 'delete', { at }, saw, { element, state: [...state] });
const shows = (node: string, updates: Vector, state: string) => read(node, updates, [...state]);

const ab = [insert('n1', 'a', 0, {}, 'a'), insert('n1', 'b', 1, { n1: 1 }, 'ab')];

test('inserts put their element where their writer wanted it, or last', () => {
  expect(judged(strong, ...ab, insert('n1', 'c', 9, { n1: 2 }, 'abc')).valid).toBe(true);
  expect(judged(strong, ...ab, insert('n1', 'c', 1, { n1: 2 }, 'abc')).blamed).toEqual([
    'misplaced: 1 insert',
  ]);
});

test('what was put between two elements stays between them', () => {
  const between = insert('n1', 'c', 1, { n1: 2 }, 'acb');
  expect(judged(strong, ...ab, between, shows('n2', { n1: 3 }, 'acb')).valid).toBe(true);
  const found = judged(strong, ...ab, between, shows('n2', { n1: 3 }, 'abc'));
  expect(found.blamed).toEqual(['list-order: 1 insert, 1 insert, 2 read']);
  expect(found.message).toContain('"b" and "c" stand in opposite orders');
});

test('nothing is lost, invented, doubled or brought back', () => {
  const without = remove('n1', 'a', 0, { n1: 2 }, 'b');
  const kinds = (...story: Told[]) =>
    judged(strong, ...ab, ...story).blamed.map((each) => each.split(':')[0]);
  expect(kinds(shows('n2', { n1: 2 }, 'a'))).toEqual(['lost']);
  expect(kinds(shows('n2', { n1: 1 }, 'ab'))).toEqual(['thin-air']);
  expect(kinds(shows('n2', { n1: 2 }, 'abb'))).toEqual(['duplicated']);
  expect(kinds(without, shows('n2', { n1: 3 }, 'b'))).toEqual([]);
  expect(kinds(without, shows('n2', { n1: 3 }, 'ab'))).toEqual(['resurrected']);
});

test('a deletion of unknown outcome may have taken any one element', () => {
  const story = [...ab, unsure('n1', 'delete', { at: 0 })];
  expect(judged(strong, ...story, shows('n2', { n1: 3 }, 'b')).valid).toBe(true);
  expect(judged(strong, ...story, shows('n2', { n1: 3 }, '')).valid).toBe(false);
  expect(judged(strong, ...story, shows('n2', { n1: 2 }, 'b')).valid).toBe(false);
});

/** Attiya et al. 2016, figure 1: three orders that fit in pairs and not together, as b is deleted before it is seen with all. */
test('a circle of orders through a deleted element breaks the strong specification only', () => {
  const story = [
    insert('n1', 'x', 0, {}, 'x'),
    remove('n2', 'x', 0, { n1: 1 }, ''),
    insert('n2', 'a', 0, { n1: 1, n2: 1 }, 'a'),
    insert('n3', 'b', 1, { n1: 1 }, 'xb'),
    edit('n4', 'insert', { element: 'c', at: 0 }, { n1: 1 }, { state: [...'cx'] }),
    shows('n1', { n1: 1, n2: 2, n3: 1 }, 'ba'),
    shows('n1', { n1: 1, n2: 2, n4: 1 }, 'ac'),
  ];
  expect(judged(weak, ...story).valid).toBe(true);
  const found = judged(strong, ...story);
  expect(found.blamed).toHaveLength(1);
  expect(found.message).toMatch(/^No order of all elements explains what was seen: "\w" before "\w" in/);
});

/** Random states of four elements that were all inserted before, so that only their order counts. */
const states = fc.array(fc.shuffledSubarray([...'abcd'], { minLength: 2, maxLength: 3 }), {
  minLength: 1,
  maxLength: 4,
});

function permutations(items: readonly string[]): string[][] {
  if (items.length < 2) return [[...items]];
  return items.flatMap((item) =>
    permutations(items.filter((x) => x !== item)).map((rest) => [item, ...rest]),
  );
}

test('agrees with the specifications on small histories', () => {
  const seen = { strong: 0, weak: 0, neither: 0 };
  const inSome = (order: readonly string[], state: readonly string[]) =>
    state.every((x, i) => i === 0 || order.indexOf(state[i - 1]!) < order.indexOf(x));
  fc.assert(
    fc.property(states, (all) => {
      // Each element is inserted at a node of its own, and each state is that of a replica that has heard of just these.
      const story = [...'abcd'].map((x, i) => insert(`n${i + 1}`, x, 0, {}, x));
      for (const state of all)
        story.push(
          shows('n9', Object.fromEntries(state.map((x) => [`n${'abcd'.indexOf(x) + 1}`, 1])), state.join('')),
        );
      const isStrong = permutations([...'abcd']).some((order) => all.every((state) => inSome(order, state)));
      const isWeak = all.every((a) =>
        all.every((b) =>
          inSome(
            b,
            a.filter((x) => b.includes(x)),
          ),
        ),
      );
      expect(judged(strong, ...story).valid).toBe(isStrong);
      expect(judged(weak, ...story).valid).toBe(isWeak);
      seen[isStrong ? 'strong' : isWeak ? 'weak' : 'neither']++;
    }),
    fuzz(800, 1),
  );
  expect(Math.min(seen.strong, seen.weak, seen.neither)).toBeGreaterThan(10);
});
