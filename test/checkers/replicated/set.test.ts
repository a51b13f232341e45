import fc from 'fast-check';
import { expect, test } from 'vitest';
import { replicatedMap, replicatedSet } from '../../../checkers/replicated/set.ts';
import { fuzz } from '../effort.ts';
import type { Told } from '../story.ts';
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

const step = fc.record({
  node: fc.constantFrom('n1', 'n2', 'n3'),
  f: fc.constantFrom('add', 'remove', 'read', 'hear'),
  element: fc.integer({ min: 1, max: 2 }),
  from: fc.constantFrom('n1', 'n2', 'n3'),
  lie: fc.nat(6),
});

/** Replicas that keep the whole story, and look up in it, by the definition, what they must show; some lie. */
function play(steps: readonly { node: string; f: string; element: number; from: string; lie: number }[]) {
  interface Made {
    readonly name: string;
    readonly f: string;
    readonly element: number;
    readonly saw: ReadonlySet<string>;
  }
  const made = new Map<string, Made>();
  const known: Record<string, Set<string>> = { n1: new Set(), n2: new Set(), n3: new Set() };
  const vector = (node: string) => {
    const out: Record<string, number> = {};
    for (const name of known[node]!)
      out[name.slice(0, 2)] = Math.max(out[name.slice(0, 2)] ?? 0, Number(name.slice(3)));
    return out;
  };
  const story: Told[] = [];
  let right = true;
  for (const { node, f, element, from, lie } of steps) {
    if (f === 'hear') {
      for (const name of known[from]!) known[node]!.add(name);
    } else if (f === 'read') {
      const updates = [...known[node]!].map((name) => made.get(name)!);
      const isThere = (x: number) =>
        updates.some(
          (add) =>
            add.f === 'add' &&
            add.element === x &&
            updates.every((other) => other.f !== 'remove' || other.element !== x || !other.saw.has(add.name)),
        );
      const state = [1, 2].filter((x) => isThere(x) !== (lie === x));
      if (lie === 1 || lie === 2) right = false;
      story.push(read(node, vector(node), state));
    } else {
      const saw = vector(node);
      story.push(update(node, f, element, saw));
      const name = `${node}:${(saw[node] ?? 0) + 1}`;
      made.set(name, { name, f, element, saw: new Set(known[node]) });
      known[node]!.add(name);
    }
  }
  return { story, right };
}

test('agrees with the definition on small histories', () => {
  const seen = { right: 0, wrong: 0 };
  fc.assert(
    fc.property(fc.array(step, { maxLength: 14 }), (steps) => {
      const { story, right } = play(steps);
      expect(judged(set, ...story).valid).toBe(right);
      seen[right ? 'right' : 'wrong']++;
    }),
    fuzz(600, 1),
  );
  expect(Math.min(seen.right, seen.wrong)).toBeGreaterThan(100);
});
