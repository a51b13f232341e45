import fc from 'fast-check';
import { expect, test } from 'vitest';
import { operationsOf } from '../../checkers/operations.ts';
import { strongEventual } from '../../checkers/strong-eventual.ts';
import type { History } from '../../histories/history.ts';
import { fuzz } from './effort.ts';
import { blamed, check, type Told, tell } from './story.ts';

const update = (node: string, name: unknown, more: Partial<Told> = {}): Told => ({
  process: Number(node.slice(1)),
  node,
  f: 'add',
  argument: 'element',
  result: name,
  ...more,
});
const read = (node: string, updates: readonly unknown[], state: unknown, more: Partial<Told> = {}): Told => ({
  process: Number(node.slice(1)),
  node,
  f: 'read',
  result: { updates, state },
  ...more,
});

function judge(...story: readonly Told[]) {
  const history = tell(...story);
  const verdict = check(strongEventual(), history);
  return { ...verdict, blamed: blamed(history, verdict), message: verdict.anomalies[0]?.message };
}

test('replicas that show the same state for the same updates are right, though others are behind', () => {
  const found = judge(
    update('n1', 'u1'),
    read('n2', [], []),
    read('n1', ['u1'], { a: 1, b: 2 }),
    update('n2', 'u2'),
    read('n1', ['u1', 'u2'], 5),
    read('n2', ['u2', 'u1'], 5),
  );
  expect(found).toMatchObject({ valid: true, vacuous: [], counts: { reads: 4, updates: 2, comparable: 1 } });
});

test('two replicas with the same updates and different states diverge, long before the end', () => {
  const found = judge(
    ...[update('n1', 'u1'), update('n2', 'u2')],
    ...[read('n1', ['u1', 'u2'], 'ab'), read('n2', ['u2', 'u1'], 'ba')],
    ...[update('n1', 'u3'), read('n1', ['u1', 'u2', 'u3'], 'x'), read('n2', ['u1', 'u2', 'u3'], 'x')],
  );
  expect(found.blamed).toEqual(['divergence: 1 read, 2 read']);
  expect(found.message).toContain(
    'n1 and n2 had both delivered the very same 2 updates, but the states differ, "ab" and "ba"',
  );
});

test('one replica that shows two states without another update diverges from itself', () => {
  const found = judge(update('n1', 'u1'), read('n1', ['u1'], 1), read('n1', ['u1'], 2));
  expect(found.message).toContain('n1 had twice delivered the very same update');
});

test('the order of the fields of an object tells no states apart', () => {
  const states = [
    { a: 1, b: { c: 2, d: [3] } },
    { b: { d: [3], c: 2 }, a: 1 },
  ];
  expect(judge(update('n1', 1), read('n1', [1], states[0]), read('n2', [1], states[1])).valid).toBe(true);
});

test('an update that does not reach every replica in the end is undelivered', () => {
  const found = judge(update('n1', 'u1'), read('n1', ['u1'], 1), read('n2', [], 0), read('n3', [], 0));
  expect(found.blamed).toEqual(['undelivered: 1 add, 2 read']);
  expect(found.message).toContain('never reached n2 and n3');
  const unknown = update('n1', null, { outcome: 'info' });
  expect(judge(unknown, read('n1', [], 0)).valid).toBe(true);
  expect(judge(unknown, read('n1', ['u1'], 1), read('n2', [], 0)).blamed).toEqual([
    'undelivered: 1 read, 2 read',
  ]);
});

test('before the last update and the last healing nothing need have been delivered', () => {
  const behind = [update('n1', 'u1'), read('n1', ['u1'], 1), read('n2', [], 0)];
  expect(judge(...behind, update('n1', 'u2')).valid).toBe(true);
  expect(judge({ process: 'nemesis', f: 'cut' }, ...behind).valid).toBe(true);
});

test('objects of different keys are apart', () => {
  const other = read('n2', [], 1, { key: 'b' });
  expect(judge(read('n1', [], 0, { key: 'a' }), other).valid).toBe(true);
});

test('a read without updates and state is refused by name', () => {
  expect(() => judge({ process: 0, f: 'read', result: [1] })).toThrow(
    'event 1 (read): the value must be an object { updates: [...], state }, not [1]',
  );
});

test('a pass in which no two replicas can be compared is vacuous', () => {
  expect(judge().vacuous).toEqual(['no read succeeded']);
  expect(judge(read('n1', [], 0)).vacuous).toEqual(['no update']);
  expect(judge(update('n1', 1), read('n1', [1], 0)).vacuous).toEqual([
    'no two replicas were ever read with the same updates',
  ]);
});

const step = fc.record({
  node: fc.constantFrom('n1', 'n2', 'n3'),
  /** An update, or a read of these updates. */
  updates: fc.option(fc.subarray(['u0', 'u1', 'u2']), { freq: 3 }),
  lie: fc.nat(5),
});

/** By the definition, over every two reads. */
function brokenByDefinition(history: History): string[] {
  const ops = operationsOf(history);
  const reads = ops
    .filter((op) => op.f === 'read')
    .map((op) => ({ op, ...(op.result as { updates: string[]; state: unknown }) }));
  const updates = ops.filter((op) => op.f === 'add');
  const finals = reads.filter(({ op }) => {
    const last = reads.filter((other) => other.op.node === op.node).at(-1)!;
    return last.op === op && updates.every((other) => other.end < op.begin);
  });
  const same = (a: readonly string[], b: readonly string[]) =>
    a.every((each) => b.includes(each)) && b.every((each) => a.includes(each));
  const broken = [];
  if (reads.some((a) => reads.some((b) => same(a.updates, b.updates) && a.state !== b.state)))
    broken.push('divergence');
  const known = [...updates.map((op) => op.result as string), ...finals.flatMap((each) => each.updates)];
  if (known.some((each) => finals.some((final) => !final.updates.includes(each)))) broken.push('undelivered');
  return broken;
}

test('agrees with the definitions on small histories', () => {
  const seen = new Map<string, number>();
  fc.assert(
    fc.property(fc.array(step, { maxLength: 8 }), (steps) => {
      let names = 0;
      const story = steps.map(({ node, updates, lie }) => {
        if (updates === null) return update(node, `u${names++}`);
        return read(node, lie % 2 === 0 ? updates : updates.toReversed(), lie === 0 ? 'lie' : updates.join());
      });
      const history = tell(...story);
      const expected = brokenByDefinition(history);
      const kinds = new Set(check(strongEventual(), history).anomalies.map(({ kind }) => kind));
      expect([...kinds].sort()).toEqual(expected);
      for (const kind of expected.length === 0 ? ['none'] : expected)
        seen.set(kind, (seen.get(kind) ?? 0) + 1);
    }),
    fuzz(1500, 1),
  );
  for (const kind of ['none', 'divergence', 'undelivered'])
    expect(seen.get(kind) ?? 0, kind).toBeGreaterThan(50);
});

test('one wrong state or lost update planted in a right run is found, and the replica blamed', () => {
  const runs = fc.record({ reads: fc.array(fc.nat(2), { minLength: 2, maxLength: 20 }), pick: fc.nat() });
  fc.assert(
    fc.property(runs, ({ reads, pick }) => {
      const names = reads.map((_, i) => `u${i}`);
      const story = reads.flatMap((node, i) => {
        const known = names.slice(0, i + 1);
        return [
          update('n0', names[i]),
          read(`n${node}`, known, known.length),
          read('n9', known, known.length),
        ];
      });
      const ends = ['n0', 'n1', 'n2', 'n9'].map((node) => read(node, names, names.length));
      expect(judge(...story, ...ends).valid).toBe(true);
      const victim = pick % reads.length;
      const lie = { updates: names.slice(0, victim + 1), state: -1 };
      const wrong = story.map((op, i) => (i === 3 * victim + 2 ? { ...op, result: lie } : op));
      expect(judge(...wrong, ...ends).blamed).toEqual([`divergence: ${reads[victim]} read, 9 read`]);
      const without = names.filter((_, i) => i !== victim);
      const lost = [...ends.slice(0, 3), read('n9', without, 'other')];
      expect(judge(...story, ...lost).blamed).toContain('undelivered: 0 add, 9 read');
    }),
    fuzz(200, 1),
  );
});

test('what only a replica had that crashed for good is owed to nobody; what another has of it, to all', () => {
  const add: Told = { process: 1, f: 'add', node: 'n1', result: 'n1:1', from: 0 };
  const kill: Told = {
    process: 'nemesis',
    f: 'process/kill',
    argument: { node: 'n1', forever: true },
    from: 20,
  };
  const over: Told = { process: 'nemesis', f: 'heal', from: 40 };
  const sees = (node: string, ...updates: string[]): Told => ({
    process: Number(node.slice(1)),
    f: 'read',
    node,
    from: 100,
    result: { updates, state: updates.length },
  });
  const kinds = (...story: Told[]) =>
    check(strongEventual(), tell(...story)).anomalies.map(({ kind }) => kind);
  expect(kinds(add, kill, over, sees('n2'), sees('n3'))).toEqual([]);
  expect(kinds(add, kill, over, sees('n2', 'n1:1'), sees('n3'))).toEqual(['undelivered']);
  expect(kinds(add, over, sees('n2'), sees('n3'))).toEqual(['undelivered']);
});
