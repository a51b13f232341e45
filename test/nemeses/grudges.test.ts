import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bridge, cutLinks, halves, isolate, oneWay, ring } from '../../nemeses/grudges.ts';
import { majority } from '../../nemeses/targets.ts';
import type { Grudge, NodeId } from '../../src/faults/fault.ts';
import { nodeIds } from './schedule.ts';

/** Some nodes in any order. */
const nodes = (least: number) =>
  fc
    .integer({ min: least, max: 12 })
    .chain((n) => fc.shuffledSubarray(nodeIds(n), { minLength: n, maxLength: n }));

/** The nodes from which `to` still gets packets, itself among them, sorted. */
function heardBy(to: NodeId, grudge: Grudge, all: readonly NodeId[]): NodeId[] {
  return all.filter((from) => !(grudge[to] ?? []).includes(from)).sort();
}

function isMutual(grudge: Grudge): boolean {
  return cutLinks(grudge).every(([from, to]) => grudge[from]!.includes(to));
}

test('halves hear themselves and nobody else, and differ by at most one node', () => {
  fc.assert(
    fc.property(nodes(2), (all) => {
      const grudge = halves(all);
      const groups = new Set(all.map((to) => heardBy(to, grudge, all).join()));
      const sizes = [...groups].map((group) => group.split(',').length);
      expect(groups.size).toBe(2);
      expect(sizes[0]! + sizes[1]!).toBe(all.length);
      expect(Math.abs(sizes[0]! - sizes[1]!)).toBeLessThanOrEqual(1);
    }),
  );
});

test('an isolated node hears only itself, and the others all hear each other', () => {
  fc.assert(
    fc.property(nodes(2), (all) => {
      const grudge = isolate(all, all[0]!);
      const others = all.slice(1).sort();
      expect(heardBy(all[0]!, grudge, all)).toEqual([all[0]]);
      for (const other of others) expect(heardBy(other, grudge, all)).toEqual(others);
    }),
  );
});

test('a bridge hears and is heard by all, and nothing else crosses', () => {
  fc.assert(
    fc.property(nodes(3), (all) => {
      const grudge = bridge(all);
      const middle = all[0]!;
      expect(heardBy(middle, grudge, all)).toHaveLength(all.length);
      const views = all.slice(1).map((to) => heardBy(to, grudge, all));
      for (const view of views) expect(view).toContain(middle);
      const groups = [...new Set(views.map((view) => view.join()))].map((view) => view.split(','));
      expect(groups).toHaveLength(2);
      expect(groups[0]!.filter((node) => groups[1]!.includes(node))).toEqual([middle]);
      expect(isMutual(grudge)).toBe(true);
    }),
  );
});

test('in a ring every node sees a majority, no two the same, nobody all, and seeing is mutual', () => {
  fc.assert(
    fc.property(nodes(4), (all) => {
      const grudge = ring(all);
      const views = all.map((to) => heardBy(to, grudge, all));
      for (const [i, view] of views.entries()) {
        expect(view).toContain(all[i]);
        expect(view.length).toBeGreaterThanOrEqual(majority(all.length));
        expect(view.length).toBeLessThan(all.length);
      }
      expect(new Set(views.map((view) => view.join())).size).toBe(all.length);
      expect(isMutual(grudge)).toBe(true);
    }),
  );
});

test('a ring of five is the pentagon: each node sees itself and its two neighbours', () => {
  expect(ring(nodeIds(5))).toEqual({
    n1: ['n3', 'n4'],
    n2: ['n4', 'n5'],
    n3: ['n1', 'n5'],
    n4: ['n1', 'n2'],
    n5: ['n2', 'n3'],
  });
});

test('one way, the deaf hear nobody of the others and are heard by all', () => {
  fc.assert(
    fc.property(nodes(2), fc.nat(), (all, seed) => {
      const count = 1 + (seed % (all.length - 1));
      const deaf = all.slice(0, count);
      const unheard = all.slice(count);
      const grudge = oneWay(deaf, unheard);
      for (const to of deaf) expect(heardBy(to, grudge, all)).toEqual(deaf.slice().sort());
      for (const to of unheard) expect(heardBy(to, grudge, all)).toHaveLength(all.length);
    }),
  );
});
