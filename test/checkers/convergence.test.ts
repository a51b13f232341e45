import fc from 'fast-check';
import { expect, test } from 'vitest';
import { convergence } from '../../checkers/convergence.ts';
import { historyOf } from '../../histories/builder.ts';
import { fuzz } from './effort.ts';
import { blamed, check, type Told, tell } from './story.ts';

const on = (node: string, process: number, f: string, more: Partial<Told> = {}): Told => ({
  process,
  f,
  node,
  ...more,
});
const write = (node: string, process: number, value: unknown, more: Partial<Told> = {}): Told =>
  on(node, process, 'write', { argument: value, key: 'x', ...more });
const read = (node: string, process: number, value: unknown, more: Partial<Told> = {}): Told =>
  on(node, process, 'read', { result: value, key: 'x', ...more });
const cut: Told = { process: 'nemesis', f: 'network/cut' };
const heal: Told = { process: 'nemesis', f: 'heal' };

test('registers that agree at the end are valid, and the time to agree is told', () => {
  const history = tell(
    cut,
    write('n1', 0, 1),
    write('n2', 1, 2),
    heal,
    read('n1', 0, 1),
    read('n1', 0, 2),
    read('n2', 1, 2),
  );
  const verdict = check(convergence(), history);
  expect(verdict).toMatchObject({ valid: true, vacuous: [], counts: { finalReads: 3 } });
  // From the end of the healing, 35 ms, to the end of the last read that showed another value, 45 ms.
  expect(verdict.details).toMatchObject({ healedAt: 35e6, convergenceTime: 10e6, silentNodes: [] });
});

test('nodes that answer differently at the end have diverged', () => {
  const history = tell(cut, write('n1', 0, 1), write('n2', 1, 2), heal, read('n1', 0, 1), read('n2', 1, 2));
  const verdict = check(convergence(), history);
  expect(blamed(history, verdict)).toEqual(['unconverged: 0 read, 1 read']);
  expect(verdict.anomalies[0]!.message).toContain('n1 answers 1 and n2 answers 2');
  expect(verdict.details).toMatchObject({ convergenceTime: null });
});

test('what a world notices after the healing, and nobody injected, is no fault', () => {
  const writes = [write('n1', 0, 1), write('n2', 1, 2)];
  const told = tell(cut, ...writes, heal, read('n1', 0, 1), read('n2', 1, 2));
  const lag = { time: 1e9, process: 'nemesis', type: 'info', f: 'controller/lag', value: null } as const;
  const history = historyOf([...told, lag]);
  expect(blamed(history, check(convergence(), history))).toEqual(['unconverged: 0 read, 1 read']);
});

test('reads before the healing may differ', () => {
  const history = tell(cut, write('n1', 0, 1), read('n2', 1, null), heal, read('n1', 0, 1), read('n2', 1, 1));
  expect(check(convergence(), history).valid).toBe(true);
});

test('an acknowledged write is lost when what its writer had read on that node wins over it', () => {
  const history = tell(
    write('n1', 0, 1),
    read('n2', 1, 1),
    write('n2', 1, 2),
    read('n1', 0, 1),
    read('n2', 1, 1),
  );
  const verdict = check(convergence(), history);
  expect(blamed(history, verdict)).toEqual(['lost-update: 0 write, 1 read, 1 write, 1 read']);
  expect(verdict.anomalies[0]!.message).toContain('process 1 read 1 and then wrote 2 at n2');
});

test('an acknowledged write is lost when an earlier one of the same process on the same node wins', () => {
  const history = tell(write('n1', 0, 1), write('n1', 0, 2), read('n1', 0, 1), read('n2', 1, 1));
  expect(blamed(history, check(convergence(), history))).toEqual(['lost-update: 0 write, 0 write, 1 read']);
});

test('a lost write is found through a write of unknown outcome that was read', () => {
  const history = tell(
    write('n1', 0, 1),
    write('n1', 0, 2, { outcome: 'info' }),
    read('n2', 1, 2),
    write('n2', 1, 3),
    read('n1', 3, 1),
    read('n2', 1, 1),
  );
  expect(blamed(history, check(convergence(), history))).toEqual([
    'lost-update: 0 write, 0 write, 1 read, 1 write, 1 read',
  ]);
});

test('a value that was written twice does not tell which of the writes was read', () => {
  const history = tell(
    write('n1', 0, 1),
    write('n1', 0, 2, { outcome: 'info' }),
    write('n2', 1, 2),
    read('n2', 2, 2),
    write('n2', 2, 3),
    read('n1', 3, 1),
    read('n2', 1, 1),
  );
  expect(blamed(history, check(convergence(), history))).toEqual([]);
});

test('which of two writes wins is free where causality does not order them', () => {
  const elsewhere = tell(
    write('n1', 0, 1),
    read('n1', 1, 1),
    write('n2', 1, 2),
    read('n1', 0, 1),
    read('n2', 1, 1),
  );
  expect(check(convergence(), elsewhere).valid).toBe(true);
  const unknown = tell(
    write('n1', 0, 1),
    write('n1', 0, 2, { outcome: 'info' }),
    read('n1', 2, 1),
    read('n2', 1, 1),
  );
  expect(check(convergence(), unknown).valid).toBe(true);
});

test('a value that nobody wrote, or whose write failed or came later, is thin air', () => {
  const history = tell(
    write('n1', 0, 1, { outcome: 'fail' }),
    read('n1', 0, 1),
    read('n1', 0, 2),
    read('n1', 0, 3),
    write('n1', 0, 3),
    read('n1', 0, 3),
    read('n2', 1, 3),
  );
  expect(blamed(history, check(convergence(), history))).toEqual([
    'thin-air: 0 read',
    'thin-air: 0 write, 0 read',
    'thin-air: 0 write, 0 read',
  ]);
});

test('no value at the end is a missing update once a write was acknowledged', () => {
  const history = tell(write('n1', 0, 1), read('n1', 0, null), read('n2', 1, null));
  const verdict = check(convergence(), history);
  expect(blamed(history, verdict)).toEqual(['missing: 0 write, 1 read']);
  const unknown = tell(write('n1', 0, 1, { outcome: 'info' }), read('n1', 2, null), read('n2', 1, null));
  expect(check(convergence(), unknown).valid).toBe(true);
});

test('sets agree as sets and hold every acknowledged element', () => {
  const add = (node: string, process: number, value: unknown): Told =>
    on(node, process, 'add', { argument: value });
  const look = (node: string, process: number, value: unknown): Told =>
    on(node, process, 'read', { result: value });
  const good = tell(add('n1', 0, 1), add('n2', 1, 2), look('n1', 0, [1, 2]), look('n2', 1, [2, 1]));
  expect(check(convergence(), good)).toMatchObject({ valid: true, vacuous: [] });
  const bad = tell(add('n1', 0, 1), add('n2', 1, 2), look('n1', 0, [1, 2]), look('n2', 1, [2]));
  const verdict = check(convergence(), bad);
  expect(blamed(bad, verdict)).toEqual(['missing: 0 add, 1 read', 'unconverged: 0 read, 1 read']);
  expect(verdict.anomalies[1]!.message).toContain('n1 holds 1, which n2 lacks');
  const air = tell(add('n1', 0, 1), look('n1', 0, [1, 9]), look('n2', 1, [1, 9]));
  expect(blamed(air, check(convergence(), air))).toEqual(['thin-air: 0 read']);
});

test('a pass says when it is vacuous', () => {
  const why = (...story: Told[]): readonly string[] => check(convergence(), tell(...story)).vacuous;
  expect(why(cut, write('n1', 0, 1), read('n1', 0, 1))).toEqual([
    'faults were injected and never healed, so nothing had to converge',
  ]);
  expect(why(write('n1', 0, 1), heal)).toEqual([
    'no final read: none succeeded after the healing and the last update',
  ]);
  expect(why(write('n1', 0, 1), write('n2', 1, 2), heal, read('n1', 0, 1))).toEqual([
    'final reads from one node only',
    'no final read from n2',
  ]);
});

test('a register may be empty in the end if it was deleted, but not if a write came after', () => {
  const story = [write('n1', 0, 1), on('n1', 0, 'delete', { key: 'x' })];
  const empty = [heal, read('n1', 0, null), read('n2', 1, null)];
  expect(check(convergence(), tell(...story, ...empty)).valid).toBe(true);
  const lost = tell(...story, write('n1', 0, 2), ...empty);
  expect(blamed(lost, check(convergence(), lost))).toEqual(['lost-update: 0 delete, 0 write, 1 read']);
});

test('an empty register is no sign of a deletion that may never have happened', () => {
  const history = tell(
    on('n1', 0, 'delete', { key: 'x', outcome: 'info' }),
    read('n2', 1, null),
    write('n2', 1, 1),
    heal,
    read('n1', 2, null),
    read('n2', 1, null),
  );
  expect(blamed(history, check(convergence(), history))).toEqual([]);
});

/** A right run of a set on three nodes: adds anywhere, then every node reads all that was acknowledged. */
function rightSet(adds: readonly number[]): Told[] {
  const all = adds.map((_, element) => element);
  return [
    ...adds.map((node, element) => on(`n${node}`, node, 'add', { argument: element })),
    ...[0, 1, 2].map((node) => on(`n${node}`, node, 'read', { result: all })),
  ];
}

test('one element planted in a final read of a right run, or taken out of one, is found, and that read blamed', () => {
  const adds = fc.array(fc.nat(2), { minLength: 2, maxLength: 20 });
  fc.assert(
    fc.property(adds, fc.nat(2), fc.nat(), fc.boolean(), (nodes, node, choice, invents) => {
      const story = rightSet(nodes);
      expect(check(convergence(), tell(...story)).valid).toBe(true);
      const at = nodes.length + node;
      const element = choice % nodes.length;
      const held = story[at]!.result as readonly number[];
      const result = invents ? [...held, 99] : held.filter((other) => other !== element);
      const history = tell(...story.map((told, i) => (i === at ? { ...told, result } : told)));
      const { anomalies } = check(convergence(), history);
      const kinds = anomalies.map(({ kind }) => kind).sort();
      expect(kinds).toEqual([invents ? 'thin-air' : 'missing', 'unconverged'].sort());
      for (const { ops } of anomalies) expect(ops.map((i) => i | 1)).toContain(2 * at + 1);
    }),
    fuzz(300, 1),
  );
});
