import { expect, test } from 'vitest';
import { replicatedMap, replicatedSet } from '../../../checkers/replicated/set.ts';
import { expectAgreement, type Made, replicaRuns } from './replicas.ts';
import { judged, read, unsure, update } from './told.ts';

const set = replicatedSet();
const map = replicatedMap();

test('an add that no remover knew of wins', () => {
  const concurrent = [
    update('n1', 'add', 1, {}),
    update('n2', 'add', 1, {}),
    update('n2', 'remove', 1, { n2: 1 }),
  ];
  expect(judged(set, ...concurrent, read('n3', { n1: 1, n2: 2 }, [1])).valid).toBe(true);
  const found = judged(set, ...concurrent, read('n3', { n1: 1, n2: 2 }, []));
  expect(found.blamed).toEqual(['lost: 1 add, 2 remove, 3 read']);
  expect(found.message).toContain("Process 3's read() = [] at n3");
  expect(found.message).toContain("nobody who took it out knew of that: process 2's remove(1) at n2");
});

test('an element whose adds were all known and removed is gone', () => {
  const removed = [update('n1', 'add', 1, {}), update('n2', 'remove', 1, { n1: 1 })];
  expect(judged(set, ...removed, read('n1', { n1: 1, n2: 1 }, [])).valid).toBe(true);
  expect(judged(set, ...removed, read('n1', { n1: 1 }, [1])).valid).toBe(true);
  expect(judged(set, ...removed, read('n1', { n1: 1, n2: 1 }, [1])).blamed).toEqual([
    'resurrected: 1 add, 2 remove, 1 read',
  ]);
});

test('what nobody has added that the replica had heard of comes out of thin air', () => {
  const added = update('n1', 'add', 1, {});
  expect(judged(set, added, read('n2', {}, [1])).blamed).toEqual(['thin-air: 2 read']);
  expect(judged(set, added, read('n2', { n1: 1 }, [1, 2])).blamed).toEqual(['thin-air: 2 read']);
});

test('adds and removes of unknown outcome may show, or not, once a replica counts more than is known by name', () => {
  const story = [update('n1', 'add', 1, {}), unsure('n1', 'remove', 1), unsure('n2', 'add', 2)];
  expect(judged(set, ...story, read('n3', { n1: 2 }, [])).valid).toBe(true);
  expect(judged(set, ...story, read('n3', { n1: 1 }, [])).valid).toBe(false);
  expect(judged(set, ...story, read('n3', { n1: 1, n2: 1 }, [1, 2])).valid).toBe(true);
  expect(judged(set, ...story, read('n3', { n1: 1 }, [1, 2])).valid).toBe(false);
});

test('a map shows concurrent values side by side, and nothing that was replaced by who knew it', () => {
  const key = { key: 'a' };
  const puts = [
    update('n1', 'put', 1, {}, key),
    update('n2', 'put', 2, {}, key),
    update('n3', 'put', 3, { n1: 1 }, key),
  ];
  expect(judged(map, ...puts, read('n1', { n1: 1, n2: 1, n3: 1 }, [2, 3], key)).valid).toBe(true);
  expect(judged(map, ...puts, read('n1', { n1: 1, n2: 1, n3: 1 }, [1, 2, 3], key)).blamed).toEqual([
    'resurrected: 1 put, 3 put, 1 read',
  ]);
  expect(judged(map, ...puts, read('n1', { n1: 1, n2: 1 }, [1], key)).blamed).toEqual([
    'lost: 2 put, 1 put, 1 read',
  ]);
  const gone = update('n2', 'delete', null, { n1: 1, n2: 1 }, key);
  expect(judged(map, ...puts, gone, read('n1', { n1: 1, n2: 2, n3: 1 }, [3], key)).valid).toBe(true);
});

/** The definition: what some delivered update put there and no delivered update that knew of that took out. */
function livingOf(
  delivered: readonly Made[],
  clears: (update: Made, element: unknown) => boolean,
): unknown[] {
  const adds = delivered.filter(({ f }) => f === 'add' || f === 'put');
  const live = adds.filter(
    (add) => !delivered.some((other) => clears(other, add.argument) && other.saw.has(add.name)),
  );
  return [...new Set(live.map(({ argument }) => argument))].sort();
}

const TYPES = [
  {
    checker: set,
    update: (pick: number) => ({ f: pick % 3 === 0 ? 'remove' : 'add', argument: 1 + (pick % 2) }),
    clears: (update: Made, element: unknown) => update.f === 'remove' && update.argument === element,
  },
  {
    checker: map,
    update: (pick: number, serial: number) =>
      pick % 4 === 0 ? { f: 'delete', argument: null } : { f: 'put', argument: serial },
    clears: () => true,
  },
];

test.each(TYPES)(
  '$checker.name agrees with the definition on small histories',
  ({ checker, update, clears }) => {
    const state = (delivered: readonly Made[], lie: number) => {
      const right = livingOf(delivered, clears);
      if (lie === 4) return right.slice(1);
      const last = delivered.at(-1)?.argument ?? null;
      return lie === 5 && last !== null && !right.includes(last) ? [...right, last].sort() : right;
    };
    expectAgreement(checker, replicaRuns({ update, state }, 14), (_, shown) =>
      shown.every(
        ({ state, delivered }) => JSON.stringify(state) === JSON.stringify(livingOf(delivered, clears)),
      ),
    );
  },
);
