import { expect, test } from 'vitest';
import { MILLISECOND } from '../../../src/world/nanos.ts';
import { append, Bench, commands, writeX } from './bench.ts';

test('a write is answered once a majority has it on disk, the leader among them', () => {
  const bench = new Bench();
  bench.elect();
  bench.sync();
  bench.ask('c1', 1, writeX(7));
  bench.sync();
  bench.acknowledge('n2', 2);
  expect(bench.answersTo('c1')).toEqual([]);
  bench.acknowledge('n2', 2);
  expect(bench.answersTo('c1')).toEqual([]);
  bench.acknowledge('n3', 2);
  expect(bench.answersTo('c1')).toEqual([{ type: 'ok', value: 7 }]);
});

test("the leader's own entry does not count before its own sync", () => {
  const bench = new Bench();
  bench.elect();
  bench.sync();
  bench.ask('c1', 1, writeX(7));
  bench.acknowledge('n2', 2);
  bench.acknowledge('n3', 2);
  expect(bench.answersTo('c1')).toEqual([]);
  bench.sync();
  expect(bench.answersTo('c1')).toEqual([{ type: 'ok', value: 7 }]);
});

test('a majority of others is enough, however slow the own disk', () => {
  const bench = new Bench();
  bench.elect();
  bench.ask('c1', 1, writeX(7));
  for (const peer of ['n2', 'n3', 'n4']) bench.acknowledge(peer, 2);
  expect(bench.answersTo('c1')).toEqual([{ type: 'ok', value: 7 }]);
});

test('an entry of an earlier term is committed only by one of the own term after it (figure 3.7)', () => {
  const bench = new Bench();
  bench.receive('n2', append(2, [0, 0], commands(1, 1, 2)));
  bench.sync();
  bench.elect();
  bench.sync();
  for (const peer of ['n2', 'n3', 'n4']) bench.acknowledge(peer, 2);
  expect(bench.node.commitIndex).toBe(0);
  for (const peer of ['n2', 'n3']) bench.acknowledge(peer, 3);
  expect(bench.node.commitIndex).toBe(3);
});

test('with the bug, counting replicas commits an earlier term', () => {
  const bench = new Bench({ bugs: ['commit-earlier-term'] });
  bench.receive('n2', append(2, [0, 0], commands(1, 1, 2)));
  bench.sync();
  bench.elect();
  for (const peer of ['n2', 'n3']) bench.acknowledge(peer, 2);
  expect(bench.node.commitIndex).toBe(2);
});

test('with the bug, a leader answers a write that nobody else has', () => {
  const bench = new Bench({ bugs: ['apply-before-commit'] });
  bench.elect();
  bench.ask('c1', 1, writeX(7));
  bench.sync();
  expect(bench.answersTo('c1')).toEqual([{ type: 'ok', value: 7 }]);
});

test('entries go out at once, and those that come during a sync go out together', () => {
  const bench = new Bench();
  bench.elect();
  bench.sync();
  bench.take();
  for (let i = 1; i <= 5; i++) bench.ask(`c${i}`, 1, writeX(i));
  const sizes = () =>
    bench
      .take()
      .flatMap(({ to, message }) =>
        to === 'n2' && message.type === 'append' ? [message.entries.length] : [],
      );
  expect(sizes()).toEqual([1]);
  bench.sync();
  expect(sizes()).toEqual([4]);
});

test('a follower that lacks entries gets them, a whole term at a time', () => {
  const bench = new Bench();
  bench.receive('n2', append(3, [0, 0], commands(1, 1, 1, 2, 2, 3)));
  bench.sync();
  bench.elect();
  bench.take();
  const refusal = { type: 'appended', term: bench.node.term, ok: false, round: 0 } as const;
  bench.receive('n4', { ...refusal, index: 5, conflictIndex: 3, conflictTerm: 0 });
  const [first] = bench.take();
  expect(first).toMatchObject({ to: 'n4', message: { type: 'append', prevIndex: 2, prevTerm: 1 } });
  // A refusal of a message that has been given up already is no news.
  bench.receive('n4', { ...refusal, index: 5, conflictIndex: 3, conflictTerm: 0 });
  expect(bench.take()).toEqual([]);
  bench.receive('n4', { ...refusal, index: 2, conflictIndex: 1, conflictTerm: 9 });
  expect(bench.take()[0]).toMatchObject({ message: { prevIndex: 0, entries: { length: 6 } } });
});

test('what got lost is sent again after the next heartbeat', () => {
  const bench = new Bench();
  bench.elect();
  bench.sync();
  bench.take();
  bench.wait(50 * MILLISECOND);
  const heartbeat = bench.take().find(({ to }) => to === 'n2');
  expect(heartbeat).toMatchObject({ message: { prevIndex: 1, entries: [] } });
  const { term } = bench.node;
  bench.receive('n2', {
    type: 'appended',
    term,
    ok: false,
    index: 1,
    conflictIndex: 1,
    conflictTerm: 0,
    round: 0,
  });
  expect(bench.take()).toMatchObject([{ to: 'n2', message: { prevIndex: 0, entries: { length: 1 } } }]);
});
