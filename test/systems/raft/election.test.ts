import { expect, test } from 'vitest';
import { MILLISECOND, SECOND } from '../../../src/world/nanos.ts';
import { append, Bench, commands, voteRequest } from './bench.ts';

const GRANTED = { type: 'vote', pre: false, granted: true };
const REFUSED = { type: 'vote', pre: false, granted: false };

test('a vote is told only once it is on disk', () => {
  const bench = new Bench();
  bench.receive('n2', voteRequest(1, 0, 0));
  expect(bench.take()).toEqual([]);
  bench.sync();
  expect(bench.take()).toEqual([{ to: 'n2', message: { ...GRANTED, term: 1 } }]);
});

test('a node votes once a term, for the same candidate as often as asked', () => {
  const bench = new Bench();
  bench.receive('n2', voteRequest(1, 0, 0));
  bench.sync();
  bench.take();
  bench.receive('n3', voteRequest(1, 0, 0));
  bench.receive('n2', voteRequest(1, 0, 0));
  expect(bench.take()).toEqual([
    { to: 'n3', message: { ...REFUSED, term: 1 } },
    { to: 'n2', message: { ...GRANTED, term: 1 } },
  ]);
});

test('a vote that was told outlasts a power loss', () => {
  const bench = new Bench();
  bench.receive('n2', voteRequest(1, 0, 0));
  bench.sync();
  bench.losePowerAndRestart();
  bench.sync();
  bench.receive('n3', voteRequest(1, 0, 0));
  bench.sync();
  expect(bench.take()).toEqual([{ to: 'n3', message: { ...REFUSED, term: 1 } }]);
});

test('a vote that a killed process had written but not synced is not given again to another', () => {
  const bench = new Bench();
  bench.receive('n2', voteRequest(1, 0, 0));
  bench.killAndRestart();
  bench.receive('n3', voteRequest(1, 0, 0));
  bench.receive('n2', voteRequest(1, 0, 0));
  // Read from the page cache, the vote may still be lost: it is told after the first sync of this life.
  expect(bench.take()).toEqual([{ to: 'n3', message: { ...REFUSED, term: 1 } }]);
  bench.sync();
  expect(bench.take()).toEqual([{ to: 'n2', message: { ...GRANTED, term: 1 } }]);
});

test('with the bug, a restarted node votes a second time in the same term', () => {
  const bench = new Bench({ bugs: ['vote-not-persisted'] });
  bench.receive('n2', voteRequest(1, 0, 0));
  bench.sync();
  bench.killAndRestart();
  bench.receive('n3', voteRequest(1, 0, 0));
  bench.sync();
  expect(bench.take()).toEqual([{ to: 'n3', message: { ...GRANTED, term: 1 } }]);
});

test.each([
  { name: 'an earlier last term loses, however long the log', lastIndex: 9, lastTerm: 1, granted: false },
  { name: 'the same last term and a shorter log loses', lastIndex: 1, lastTerm: 2, granted: false },
  { name: 'an equal log wins', lastIndex: 2, lastTerm: 2, granted: true },
  { name: 'a later last term wins, however short the log', lastIndex: 1, lastTerm: 3, granted: true },
])('up-to-date check: $name', ({ lastIndex, lastTerm, granted }) => {
  const bench = new Bench();
  bench.receive('n2', append(2, [0, 0], commands(1, 1, 2)));
  bench.sync();
  bench.wait(200 * MILLISECOND);
  bench.take();
  bench.receive('n3', voteRequest(4, lastIndex, lastTerm));
  bench.sync();
  const votes = bench.take().filter(({ message }) => message.type === 'vote');
  expect(votes).toEqual([{ to: 'n3', message: { ...GRANTED, granted, term: 4 } }]);
});

test('a node that hears a leader refuses candidates and keeps its term', () => {
  const bench = new Bench();
  bench.receive('n2', append(1, [0, 0]));
  bench.sync();
  bench.take();
  bench.wait(100 * MILLISECOND);
  bench.receive('n3', voteRequest(7, 5, 5));
  expect(bench.take()).toEqual([{ to: 'n3', message: { ...REFUSED, term: 1 } }]);
  expect(bench.node.term).toBe(1);
});

test('a pre-vote commits to nothing: the voter keeps term and vote', () => {
  const bench = new Bench();
  bench.receive('n2', { ...voteRequest(1, 0, 0), pre: true });
  bench.receive('n3', { ...voteRequest(1, 0, 0), pre: true });
  expect(bench.take().map(({ message }) => message)).toEqual([
    { type: 'vote', term: 1, pre: true, granted: true },
    { type: 'vote', term: 1, pre: true, granted: true },
  ]);
  expect(bench.node.term).toBe(0);
  expect(bench.syncing).toBe(false);
});

test('a node that nobody answers asks for pre-votes over and over and never raises its term', () => {
  const bench = new Bench();
  bench.wait(3 * SECOND);
  const requests = bench.take().map(({ message }) => message);
  expect(requests.length).toBeGreaterThan(4 * 8);
  expect(new Set(requests.map((request) => JSON.stringify(request)))).toEqual(
    new Set([JSON.stringify({ ...voteRequest(1, 0, 0), pre: true, lastIndex: 0, lastTerm: 0 })]),
  );
  expect(bench.node.term).toBe(0);
});

test('a candidate asks for votes only once its own is on disk', () => {
  const bench = new Bench();
  bench.wait(400 * MILLISECOND);
  bench.take();
  for (const peer of ['n2', 'n3']) bench.receive(peer, { type: 'vote', term: 1, pre: true, granted: true });
  expect(bench.node.role).toBe('candidate');
  expect(bench.take()).toEqual([]);
  bench.sync();
  expect(bench.take().map(({ message }) => message)).toEqual(new Array(4).fill(voteRequest(1, 0, 0)));
});

test('a majority of the votes makes a leader, and two of five do not', () => {
  const bench = new Bench();
  bench.wait(400 * MILLISECOND);
  for (const peer of ['n2', 'n3']) bench.receive(peer, { type: 'vote', term: 1, pre: true, granted: true });
  bench.sync();
  bench.receive('n2', { type: 'vote', term: 1, pre: false, granted: true });
  bench.receive('n2', { type: 'vote', term: 1, pre: false, granted: true });
  expect(bench.node.role).toBe('candidate');
  bench.receive('n4', { type: 'vote', term: 1, pre: false, granted: true });
  expect(bench.program.leads()).toBe(true);
});

test('a leader that hears of a later term follows, and sends its clients away', () => {
  const bench = new Bench();
  bench.elect();
  bench.ask('c1', 1, { f: 'write', key: 'x', value: 1 });
  bench.ask('c2', 1, { f: 'read', key: 'x', value: null });
  bench.receive('n2', { ...append(2, [0, 0]), term: 2 });
  expect(bench.program.leads()).toBe(false);
  expect(bench.answersTo('c1')).toEqual([{ type: 'unknown' }]);
  expect(bench.answersTo('c2')).toEqual([{ type: 'not-leader', leader: null }]);
});

test('a leader that no majority answers gives up after a while', () => {
  const bench = new Bench();
  bench.elect();
  bench.wait(3 * SECOND);
  expect(bench.program.leads()).toBe(true);
  bench.wait(SECOND / 2);
  expect(bench.program.leads()).toBe(false);
});

test('a cluster of one node elects itself and serves', () => {
  const bench = new Bench({ nodes: ['n1'] });
  for (let i = 0; i < 20; i++) {
    bench.wait(50 * MILLISECOND);
    bench.sync();
  }
  bench.ask('c1', 1, { f: 'write', key: 'x', value: 5 });
  bench.sync();
  bench.ask('c2', 1, { f: 'read', key: 'x', value: null });
  expect(bench.answersTo('c1')).toEqual([{ type: 'ok', value: 5 }]);
  expect(bench.answersTo('c2')).toEqual([{ type: 'ok', value: 5 }]);
});
