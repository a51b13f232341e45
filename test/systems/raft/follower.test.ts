import { expect, test } from 'vitest';
import type { Message } from '../../../src/systems/sim/raft/messages.ts';
import { append, appended, Bench, commands, terms } from './bench.ts';

const messages = (bench: Bench): Message[] => bench.take().map(({ message }) => message);

test('entries are acknowledged only once they are on disk', () => {
  const bench = new Bench();
  bench.receive('n2', append(1, [0, 0], commands(1, 1, 1)));
  expect(messages(bench)).toEqual([]);
  bench.sync();
  expect(messages(bench)).toEqual([appended(1, 2)]);
});

test('with the bug, entries are acknowledged though no sync has begun', () => {
  const bench = new Bench({ bugs: ['log-not-fsynced'] });
  bench.receive('n2', append(1, [0, 0]));
  bench.sync();
  messages(bench);
  bench.receive('n2', append(1, [0, 0], commands(1, 1)));
  expect(bench.syncing).toBe(false);
  expect(messages(bench)).toEqual([appended(1, 1)]);
});

test('a heartbeat is answered at once, with no more than is on disk', () => {
  const bench = new Bench();
  bench.receive('n2', append(1, [0, 0], commands(1, 1)));
  bench.sync();
  bench.receive('n2', append(1, [1, 1], commands(2, 1)));
  messages(bench);
  bench.receive('n2', append(1, [2, 1]));
  expect(messages(bench)).toEqual([appended(1, 1)]);
});

test('entries that come while a sync is under way share the next one', () => {
  const bench = new Bench();
  bench.receive('n2', append(1, [0, 0], commands(1, 1)));
  bench.receive('n2', append(1, [1, 1], commands(2, 1)));
  bench.receive('n2', append(1, [2, 1], commands(3, 1)));
  bench.syncOnce();
  bench.syncOnce();
  expect(bench.syncing).toBe(false);
  expect(messages(bench)).toEqual([appended(1, 1), appended(1, 3)]);
});

test('an old or repeated AppendEntries removes nothing', () => {
  const bench = new Bench();
  bench.receive('n2', append(1, [0, 0], commands(1, 1, 1, 1)));
  bench.receive('n2', append(1, [0, 0], commands(1, 1)));
  bench.receive('n2', append(1, [0, 0]));
  expect(terms(bench.node)).toEqual([1, 1, 1]);
});

test('with the bug, an old AppendEntries cuts the log', () => {
  const bench = new Bench({ bugs: ['truncate-committed'] });
  bench.receive('n2', append(1, [0, 0], commands(1, 1, 1, 1)));
  bench.receive('n2', append(1, [0, 0], commands(1, 1)));
  expect(terms(bench.node)).toEqual([1]);
});

test('an entry of another term in the same place goes, with all that follow it', () => {
  const bench = new Bench();
  bench.receive('n2', append(1, [0, 0], commands(1, 1, 1, 1)));
  bench.sync();
  bench.receive('n3', append(2, [1, 1], commands(2, 2)));
  expect(terms(bench.node)).toEqual([1, 2]);
  messages(bench);
  bench.sync();
  expect(messages(bench)).toEqual([appended(2, 2)]);
  bench.losePowerAndRestart();
  expect(terms(bench.node)).toEqual([1, 2]);
});

test('entries that were replaced no longer count as being on disk', () => {
  const bench = new Bench();
  bench.receive('n2', append(1, [0, 0], commands(1, 1, 1, 1)));
  bench.sync();
  messages(bench);
  bench.receive('n3', append(2, [1, 1], commands(2, 2)));
  bench.receive('n3', append(2, [2, 2]));
  expect(messages(bench)).toEqual([appended(2, 1)]);
});

test('a log that is too short is refused with its end', () => {
  const bench = new Bench();
  bench.receive('n2', append(1, [0, 0], commands(1, 1, 1)));
  bench.sync();
  messages(bench);
  bench.receive('n2', append(1, [5, 1], commands(6, 1)));
  expect(messages(bench)).toEqual([
    { type: 'appended', term: 1, ok: false, index: 5, conflictIndex: 3, conflictTerm: 0, round: 0 },
  ]);
});

test('a conflict is refused with its term and the first index of that', () => {
  const bench = new Bench();
  bench.receive('n2', append(3, [0, 0], commands(1, 1, 2, 2, 2)));
  bench.sync();
  messages(bench);
  bench.receive('n3', append(4, [4, 3]));
  expect(messages(bench)).toEqual([
    { type: 'appended', term: 4, ok: false, index: 4, conflictIndex: 2, conflictTerm: 2, round: 0 },
  ]);
});

test('a leader of an earlier term is told the current one and changes nothing', () => {
  const bench = new Bench();
  bench.receive('n2', append(3, [0, 0]));
  bench.sync();
  messages(bench);
  bench.receive('n3', append(2, [0, 0], commands(1, 2)));
  expect(messages(bench)).toMatchObject([{ type: 'appended', term: 3, ok: false }]);
  expect(terms(bench.node)).toEqual([]);
});

test('what the leader has committed is applied as far as the log is known to be the same', () => {
  const bench = new Bench();
  bench.receive('n2', append(1, [0, 0], commands(1, 1, 1, 1)));
  bench.receive('n3', append(2, [1, 1], [], 3));
  expect(bench.node.appliedIndex).toBe(1);
});

test('a failed sync crashes the node: what is on disk then is not known', () => {
  const bench = new Bench();
  bench.receive('n2', append(1, [0, 0], commands(1, 1)));
  expect(() => bench.failSync()).toThrow('EIO');
});

test('a full disk crashes the node', () => {
  const bench = new Bench();
  bench.disk.policy = { ...bench.disk.policy, full: true };
  expect(() => bench.receive('n2', append(1, [0, 0], commands(1, 1)))).toThrow('ENOSPC');
});
