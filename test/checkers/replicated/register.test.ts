import fc from 'fast-check';
import { expect, test } from 'vitest';
import { replicatedRegister } from '../../../checkers/replicated/register.ts';
import { expectAgreement, type Made, type Run, replicaRuns, type Shown } from './replicas.ts';
import { judged, read, unsure, update } from './told.ts';

const checker = replicatedRegister();
const concurrent = [update('n1', 'write', 1, {}), update('n2', 'write', 2, {})];
const BOTH = { n1: 1, n2: 1 };

test('of concurrent writes any may win, if it wins everywhere', () => {
  for (const winner of [1, 2])
    expect(judged(checker, ...concurrent, read('n1', BOTH, winner), read('n3', BOTH, winner)).valid).toBe(
      true,
    );
  const found = judged(checker, ...concurrent, read('n1', BOTH, 1), read('n3', BOTH, 2));
  expect(found.blamed).toEqual(['arbitration: 1 write, 2 write, 3 read, 1 read']);
  expect(found.message).toContain('they disagree which came last');
});

test('replicas that have heard of different writes must agree on those that both have', () => {
  const third = update('n3', 'write', 3, {});
  const story = [...concurrent, third, read('n1', BOTH, 1), read('n2', { ...BOTH, n3: 1 }, 2)];
  expect(judged(checker, ...story).blamed[0]).toMatch(/^arbitration/);
});

test('a write whose replica knew a value replaces it', () => {
  const later = [update('n1', 'write', 1, {}), update('n2', 'write', 2, { n1: 1 })];
  expect(judged(checker, ...later, read('n3', BOTH, 2)).valid).toBe(true);
  expect(judged(checker, ...later, read('n3', { n1: 1 }, 1)).valid).toBe(true);
  expect(judged(checker, ...later, read('n3', BOTH, 1)).blamed).toEqual([
    'resurrected: 1 write, 2 write, 3 read',
  ]);
});

test('a value comes from a write that was delivered, and is there if one was', () => {
  expect(judged(checker, ...concurrent, read('n3', { n1: 1 }, 2)).blamed).toEqual(['thin-air: 3 read']);
  expect(judged(checker, ...concurrent, read('n3', { n1: 1 }, null)).blamed).toEqual([
    'lost: 1 write, 3 read',
  ]);
  expect(judged(checker, ...concurrent, read('n3', {}, null)).valid).toBe(true);
});

test('a write of unknown outcome may win where more is counted than is known by name', () => {
  const story = [...concurrent, unsure('n3', 'write', 3)];
  expect(judged(checker, ...story, read('n1', { ...BOTH, n3: 1 }, 3)).valid).toBe(true);
  expect(judged(checker, ...story, read('n1', BOTH, 3)).valid).toBe(false);
});

test('three replicas that each hide another one of three writes are right in pairs, and wrong together', () => {
  const three = [1, 2, 3].map((i) => update(`n${i}`, 'write', i, {}));
  const look = (a: number, b: number, winner: number) => read('n4', { [`n${a}`]: 1, [`n${b}`]: 1 }, winner);
  const circle = [look(1, 2, 2), look(2, 3, 3), look(1, 3, 1)];
  expect(judged(checker, ...three, ...circle.slice(0, 2)).valid).toBe(true);
  const found = judged(checker, ...three, ...circle);
  expect(found.blamed).toEqual(['arbitration: 1 write, 2 write, 3 write, 4 read, 4 read, 4 read']);
  expect(found.message).toContain(
    'No order of the writes explains which of them won: 1 before 2, as process 4',
  );
  const knowing = [update('n3', 'write', 3, { n2: 1 }), look(1, 2, 2), look(1, 3, 1)];
  const both = judged(checker, ...three.slice(0, 2), ...knowing);
  expect(both.blamed[0]).toMatch(/^arbitration/);
  expect(both.message).toContain('2 before 3, as its writer knew 2');
});

/** The definition: in some order of the writes, each after those that its writer knew, every replica shows its last. */
function isRegister(updates: readonly Made[], shown: readonly Shown[]): boolean {
  const fits = (order: readonly Made[]) =>
    shown.every(({ state, delivered }) => {
      const last = order.findLast((write) => delivered.includes(write));
      return state === (last === undefined ? null : last.argument);
    });
  const extend = (order: readonly Made[]): boolean => {
    if (order.length === updates.length) return fits(order);
    return updates.some((write) => {
      const before = new Set(order);
      const free = updates.every((other) => before.has(other) || !write.saw.has(other.name));
      return free && !before.has(write) && extend([...order, write]);
    });
  };
  return extend([]);
}

const registers = replicaRuns(
  {
    update: (_, serial) => ({ f: 'write', argument: serial }),
    // Now and then not the last by Lamport's clock and the name, but the one before, or none.
    state: (delivered, lie) => {
      const order = delivered.toSorted((a, b) => a.clock - b.clock || (a.name < b.name ? -1 : 1));
      return (lie === 4 && order.length > 3 ? undefined : order.at(lie === 5 ? -2 : -1))?.argument ?? null;
    },
  },
  12,
);

test('agrees with the definition on small histories', () => {
  expectAgreement(checker, registers, isRegister);
});

/** A write on each node, some of which know of the one before; then replicas that have heard of two of them each. */
const pairs = fc
  .record({
    knows: fc.array(fc.nat(2), { minLength: 4, maxLength: 4 }),
    looks: fc.array(
      fc.record({ at: fc.subarray([0, 1, 2, 3], { minLength: 2, maxLength: 2 }), wins: fc.nat(1) }),
      {
        minLength: 2,
        maxLength: 6,
      },
    ),
  })
  .map(({ knows, looks }): Run => {
    const updates = knows.map((dice, i): Made => {
      const saw = new Set(dice === 0 && i > 0 ? [`n${i}:1`] : []);
      return { name: `n${i + 1}:1`, f: 'write', argument: i + 1, saw, clock: i, acknowledged: true };
    });
    const shown = looks.map(({ at, wins }): Shown => {
      const delivered = at.map((i) => updates[i]!);
      return { state: delivered[wins]!.argument, delivered };
    });
    const vector = (names: Iterable<string>) =>
      Object.fromEntries([...names].map((name) => [name.slice(0, 2), 1]));
    const writes = updates.map(({ name, argument, saw }) =>
      update(name.slice(0, 2), 'write', argument, vector(saw)),
    );
    const reads = shown.map(({ state, delivered }) =>
      read('n9', vector(delivered.map(({ name }) => name)), state),
    );
    return { story: [...writes, ...reads], updates, shown };
  });

test('agrees with the definition where replicas have heard of two writes each', () => {
  expectAgreement(checker, pairs, isRegister);
});
