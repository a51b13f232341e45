import fc from 'fast-check';
import { expect, test } from 'vitest';
import { minimize } from '../../../src/campaign/shrink/minimize.ts';

/** Shows what is looked for when all of these are there; counts what was tried. */
function needing(needed: readonly number[]) {
  let tried = 0;
  const firstThatShows = async (lists: readonly (readonly number[])[]) => {
    const found = lists.findIndex((list) => needed.every((one) => list.includes(one)));
    tried += found < 0 ? lists.length : found + 1;
    return found;
  };
  return { firstThatShows, tried: () => tried };
}

test('exactly what is needed is left, in its order', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 60 }), fc.array(fc.nat(59)), async (size, wanted) => {
      const items = Array.from({ length: size }, (_, i) => i);
      const needed = [...new Set(wanted.filter((one) => one < size))].sort((a, b) => a - b);
      expect(await minimize(items, needing(needed).firstThatShows)).toEqual(needed);
    }),
    { numRuns: 200, seed: 1 },
  );
});

test('two needed among a thousand are found with few tries', async () => {
  const { firstThatShows, tried } = needing([137, 802]);
  await minimize(
    Array.from({ length: 1000 }, (_, i) => i),
    firstThatShows,
  );
  expect(tried()).toBeLessThan(120);
});

test('where nothing helps, everything stays', async () => {
  expect(await minimize([1, 2, 3], async () => -1)).toEqual([1, 2, 3]);
});
