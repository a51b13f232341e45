import { expect, test } from 'vitest';
import { appended, Bench, READ_X, writeX } from './bench.ts';

/** A leader that has committed its no-op and x = 7. */
function leader(options: ConstructorParameters<typeof Bench>[0] = {}): Bench {
  const bench = new Bench(options);
  bench.elect();
  bench.ask('writer', 1, writeX(7));
  bench.sync();
  for (const peer of ['n2', 'n3']) bench.acknowledge(peer, 2);
  bench.take();
  return bench;
}

const roundsSent = (bench: Bench): Set<number> =>
  new Set(bench.take().flatMap(({ message }) => (message.type === 'append' ? [message.round] : [])));

test('a read is answered once a majority confirms the leader in a round begun after it', () => {
  const bench = leader();
  bench.ask('c1', 1, READ_X);
  expect(roundsSent(bench)).toEqual(new Set([1]));
  // An answer to something sent before the read proves nothing about now.
  for (const peer of ['n2', 'n3', 'n4', 'n5']) bench.receive(peer, appended(1, 2, 0));
  bench.receive('n2', appended(1, 2, 1));
  expect(bench.answersTo('c1')).toEqual([]);
  bench.receive('n3', appended(1, 2, 1));
  expect(bench.answersTo('c1')).toEqual([{ type: 'ok', value: 7 }]);
});

test('reads that come during a round wait for the next, all together', () => {
  const bench = leader();
  bench.ask('c1', 1, READ_X);
  bench.ask('c2', 1, READ_X);
  bench.ask('c3', 1, READ_X);
  expect(roundsSent(bench)).toEqual(new Set([1]));
  for (const peer of ['n2', 'n3']) bench.receive(peer, appended(1, 2, 1));
  expect(['c1', 'c2', 'c3'].map((client) => bench.answersTo(client).length)).toEqual([1, 0, 0]);
  expect(roundsSent(bench)).toEqual(new Set([2]));
  for (const peer of ['n2', 'n3']) bench.receive(peer, appended(1, 2, 2));
  expect(['c1', 'c2', 'c3'].map((client) => bench.answersTo(client).length)).toEqual([1, 1, 1]);
});

test('a new leader reads nothing before an entry of its own term is committed', () => {
  const bench = new Bench();
  bench.elect();
  bench.ask('c1', 1, READ_X);
  for (const peer of ['n2', 'n3', 'n4']) bench.receive(peer, appended(1, 0, 1));
  expect(bench.answersTo('c1')).toEqual([]);
  for (const peer of ['n2', 'n3', 'n4']) bench.receive(peer, appended(1, 1, 1));
  expect(bench.answersTo('c1')).toEqual([{ type: 'ok', value: null }]);
});

test('an answer from an earlier term confirms nothing', () => {
  const bench = leader();
  bench.ask('c1', 1, READ_X);
  for (const peer of ['n2', 'n3', 'n4', 'n5']) bench.receive(peer, appended(0, 2, 1));
  expect(bench.answersTo('c1')).toEqual([]);
});

test('a transaction that only reads takes no place in the log', () => {
  const bench = leader();
  bench.ask('c1', 1, { f: 'txn', key: null, value: [['r', 'y', null]] });
  for (const peer of ['n2', 'n3']) bench.receive(peer, appended(1, 2, 1));
  expect(bench.answersTo('c1')).toEqual([{ type: 'ok', value: [['r', 'y', null]] }]);
  expect(bench.node.log.entries.length).toBe(2);
});

test('with the bug, a leader reads without asking anybody', () => {
  const bench = leader({ bugs: ['stale-leader-read'] });
  bench.ask('c1', 1, READ_X);
  expect(bench.answersTo('c1')).toEqual([{ type: 'ok', value: 7 }]);
});

test('a node that does not lead says who does', () => {
  const bench = new Bench();
  bench.ask('c1', 1, READ_X);
  bench.receive('n4', {
    type: 'append',
    term: 1,
    prevIndex: 0,
    prevTerm: 0,
    entries: [],
    commit: 0,
    round: 0,
  });
  bench.ask('c1', 2, READ_X);
  expect(bench.answersTo('c1')).toEqual([
    { type: 'not-leader', leader: null },
    { type: 'not-leader', leader: 'n4' },
  ]);
});
