import { expect, test } from 'vitest';
import type { Operation } from '../../../src/systems/sim/shared/state-machine.ts';
import { Bench, READ_X, writeX } from './bench.ts';

const appendTo = (list: string, value: number): Operation => ({
  f: 'txn',
  key: null,
  value: [
    ['append', list, value],
    ['r', list, null],
  ],
});

function leader(options: ConstructorParameters<typeof Bench>[0] = {}): Bench {
  const bench = new Bench(options);
  bench.elect();
  commit(bench);
  return bench;
}

function commit(bench: Bench): void {
  bench.sync();
  const last = bench.node.log.baseIndex + bench.node.log.entries.length;
  for (const peer of ['n2', 'n3']) bench.acknowledge(peer, last);
  bench.sync();
}

test('a retried request takes effect once and gets the same answer', () => {
  const bench = leader();
  bench.ask('c1', 1, appendTo('l', 7));
  commit(bench);
  bench.ask('c1', 1, appendTo('l', 7));
  commit(bench);
  const answer = {
    type: 'ok',
    value: [
      ['append', 'l', 7],
      ['r', 'l', [7]],
    ],
  };
  expect(bench.answersTo('c1')).toEqual([answer, answer]);
});

test('two tries in the log at the same time take effect once', () => {
  const bench = leader();
  bench.ask('c1', 1, appendTo('l', 7));
  bench.ask('c1', 1, appendTo('l', 7));
  commit(bench);
  expect(bench.node.state.machine.lists.get('l')).toEqual([7]);
  expect(bench.answersTo('c1')).toHaveLength(2);
});

test('a late try of a request that its client has gone past has no effect and no answer', () => {
  const bench = leader();
  bench.ask('c1', 1, writeX(1));
  bench.ask('c1', 2, writeX(2));
  bench.ask('c1', 1, writeX(1));
  commit(bench);
  bench.ask('c1', 1, writeX(1));
  commit(bench);
  expect(bench.node.state.machine.registers.get('x')).toBe(2);
  expect(bench.answersTo('c1')).toHaveLength(2);
});

test('a refused compare-and-set is refused again when retried, whatever the value is then', () => {
  const bench = leader();
  const cas: Operation = { f: 'cas', key: 'x', value: [5, 6] };
  bench.ask('c1', 1, cas);
  bench.ask('c2', 1, writeX(5));
  commit(bench);
  bench.ask('c1', 1, cas);
  commit(bench);
  const refusal = { type: 'fail', error: 'mismatch' };
  expect(bench.answersTo('c1')).toEqual([refusal, refusal]);
  expect(bench.node.state.machine.registers.get('x')).toBe(5);
});

test.each([
  { bugs: [], list: [7] },
  { bugs: ['snapshot-drops-dedupe'] as const, list: [7, 7] },
])('after a restart from a snapshot, a retry finds its answer unless $bugs', ({ bugs, list }) => {
  const bench = leader({ bugs, parameters: { 'snapshot-every': 3 } });
  bench.ask('c1', 1, appendTo('l', 7));
  commit(bench);
  bench.ask('c2', 1, writeX(1));
  commit(bench);
  expect(bench.node.snapshot?.index).toBe(3);
  bench.losePowerAndRestart();
  bench.sync();
  bench.elect();
  bench.ask('c1', 1, appendTo('l', 7));
  commit(bench);
  expect(bench.node.state.machine.lists.get('l')).toEqual(list);
});

test('sets and registers keep to themselves, and survive a snapshot', () => {
  const bench = leader({ parameters: { 'snapshot-every': 4 } });
  bench.ask('c1', 1, { f: 'add', key: null, value: 3 });
  bench.ask('c2', 1, { f: 'add', key: null, value: 4 });
  bench.ask('c3', 1, writeX(9));
  commit(bench);
  bench.losePowerAndRestart();
  bench.sync();
  bench.elect();
  commit(bench);
  bench.ask('c4', 1, { f: 'read', key: null, value: null });
  bench.ask('c5', 1, READ_X);
  bench.ask('c6', 1, { f: 'read', key: 'y', value: null });
  for (let i = 0; i < 2; i++) commit(bench);
  expect(['c4', 'c5', 'c6'].flatMap((client) => bench.answersTo(client))).toEqual([
    { type: 'ok', value: [3, 4] },
    { type: 'ok', value: 9 },
    { type: 'ok', value: null },
  ]);
});
