import { expect, test } from 'vitest';
import { type Edit, GrowableArray } from '../../src/systems/sim/rga/growable-array.ts';
import { randomOf } from '../../src/world/random.ts';

function array(...bugs: readonly string[]): GrowableArray {
  return new GrowableArray(new Set(bugs));
}

function edit(at: GrowableArray, f: string, value: object, origin = 'n1'): Edit {
  const made = at.prepare({ f, value, origin });
  if ('refused' in made) throw new Error(made.refused);
  at.apply(made);
  return made;
}

test('an element goes to its place among those that are shown, behind tombstones', () => {
  const text = array();
  for (const [element, at] of [
    ['a', 0],
    ['b', 1],
    ['c', 1],
    ['d', 9],
  ] as const)
    edit(text, 'insert', { element, at });
  expect(text.query()).toEqual(['a', 'c', 'b', 'd']);
  const removed = edit(text, 'delete', { at: 1 });
  expect(text.answer(removed)).toEqual({ state: ['a', 'b', 'd'], element: 'c' });
  edit(text, 'insert', { element: 'e', at: 1 });
  expect(text.query()).toEqual(['a', 'e', 'b', 'd']);
});

test('nothing can be deleted from an empty text', () => {
  expect(array().prepare({ f: 'delete', value: { at: 0 }, origin: 'n1' })).toEqual({ refused: 'empty' });
});

/** Three replicas edit what they have in common, apart from each other, and hear of the others' edits in different orders. */
function texts(seed: number, ...bugs: readonly string[]): string[] {
  const random = randomOf(seed);
  const replicas = ['n1', 'n2', 'n3'].map((id) => ({ id, text: array(...bugs) }));
  let made = 0;
  for (let round = 0; round < 4; round++) {
    const batches = replicas.map(({ id, text }) =>
      Array.from({ length: 3 }, () => {
        const length = text.query().length;
        const at = random.int(length + 1);
        if (length > 0 && random.chance(0.3)) return edit(text, 'delete', { at: random.int(length) }, id);
        return edit(text, 'insert', { element: ++made, at }, id);
      }),
    );
    replicas.forEach(({ text }, i) => {
      for (const j of random.shuffle([0, 1, 2]))
        if (j !== i) for (const each of batches[j]!) text.apply(each);
    });
  }
  return replicas.map(({ text }) => text.query().join());
}

test('replicas that have the same edits show the same text, in whatever order they came', () => {
  for (let seed = 1; seed <= 200; seed++) expect(new Set(texts(seed)).size, `seed ${seed}`).toBe(1);
});

test.each(['siblings-unordered', 'ids-not-unique', 'tombstones-collected'])('%s: they do not', (bug) => {
  const differing = Array.from({ length: 50 }, (_, seed) => new Set(texts(seed, bug)).size > 1);
  expect(differing).toContain(true);
});
