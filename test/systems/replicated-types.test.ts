import { expect, test } from 'vitest';
import { systems } from '../../src/systems/index.ts';
import { SECOND } from '../../src/world/nanos.ts';
import { findings, run } from './run.ts';

/** Each mistake, and the anomalies of which one must come to light. */
const FOUND: Readonly<Record<string, Readonly<Record<string, RegExp>>>> = {
  'g-counter': { 'merge-adds': /wrong-sum/, 'one-sum': /wrong-sum/ },
  'pn-counter': { 'decrements-in-place': /wrong-sum/ },
  'g-set': { 'larger-wins': /lost|divergence/ },
  'or-set': { 'remove-wins': /lost/, 'tags-not-unique': /lost/, 'tombstones-collected': /resurrected/ },
  'op-map': { 'fifo-only': /resurrected/, 'no-retry': /undelivered/, 'replaces-all': /lost|divergence/ },
  rga: {
    'siblings-unordered': /divergence|list-order/,
    'ids-not-unique': /lost/,
    'tombstones-collected': /divergence|list-order/,
  },
  'collab-text': { 'insert-ties': /divergence|list-order/, 'no-dedupe': /duplicated/ },
  'lww-register': { 'ties-unbroken': /arbitration|divergence/, 'clock-not-merged': /resurrected/ },
};
const SYSTEMS = Object.keys(FOUND);
const BUGS = SYSTEMS.flatMap((system) =>
  Object.keys(systems[system]!.bugs).map((bug) => ({ system, bug, kinds: FOUND[system]![bug]! })),
);

test.each(BUGS)('$system: $bug is found', async ({ system, bug, kinds }) => {
  // Some show only in what is left in the end, which clients may have replaced meanwhile.
  const found: string[] = [];
  for (let seed = 1; seed <= 4 && !kinds.test(found.join()); seed++)
    found.push(...findings(await run({ system, bug, seed, timeLimit: 15 * SECOND })).anomalies);
  expect(found.join()).toMatch(kinds);
});

test.each(SYSTEMS)('%s, the right one, is never accused', async (system) => {
  for (let seed = 1; seed <= 3; seed++) {
    const outcome = await run({ system, seed, timeLimit: 6 * SECOND });
    expect(findings(outcome)).toEqual({ anomalies: [], vacuous: [] });
  }
});
