import { expect, test } from 'vitest';
import { lastIndex } from '../../../src/systems/sim/raft/log.ts';
import type { Snapshot } from '../../../src/systems/sim/raft/messages.ts';
import { SECOND } from '../../../src/world/nanos.ts';
import { append, appended, Bench, commands, terms, writeX } from './bench.ts';

const small = { parameters: { 'snapshot-every': 8 } };

/** The snapshot of a node that has applied ten writes of x. */
function snapshotOfTen(): Snapshot {
  const bench = new Bench({ parameters: { 'snapshot-every': 10 } });
  bench.receive('n2', append(1, [0, 0], commands(1, ...new Array<number>(10).fill(1)), 10));
  bench.sync();
  return bench.node.snapshot!;
}

test('a snapshot takes the place of the entries before it, but for the last few', () => {
  const bench = new Bench(small);
  bench.receive('n2', append(1, [0, 0], commands(1, ...new Array<number>(10).fill(1)), 10));
  bench.sync();
  expect(bench.node.snapshot?.index).toBe(8);
  expect(bench.node.log.entries.map(({ index }) => index)).toEqual([7, 8, 9, 10]);
  bench.losePowerAndRestart();
  expect(bench.node.appliedIndex).toBe(8);
  expect(bench.node.state.machine.registers.get('x')).toBe(8);
  expect(lastIndex(bench.node.log)).toBe(10);
});

test('a leader sends its snapshot to a follower that lacks what is no longer in the log', () => {
  const bench = new Bench(small);
  bench.elect();
  for (let i = 1; i <= 20; i++) bench.ask(`c${i}`, 1, writeX(i));
  bench.sync();
  for (const peer of ['n2', 'n3']) bench.acknowledge(peer, 21);
  bench.sync();
  bench.take();
  const { node } = bench;
  const refusal = { type: 'appended', term: node.term, ok: false, round: 0 } as const;
  bench.receive('n4', { ...refusal, index: 21, conflictIndex: 1, conflictTerm: 0 });
  expect(bench.take()).toEqual([
    { to: 'n4', message: { type: 'install', term: node.term, snapshot: node.snapshot } },
  ]);
  // Until that is answered, heartbeats go on; the snapshot comes again only after a while.
  bench.wait(SECOND / 10);
  expect(bench.take().filter(({ to, message }) => to === 'n4' && message.type === 'install')).toEqual([]);
  bench.receive('n4', appended(node.term, node.snapshot!.index));
  const [next] = bench.take();
  expect(next).toMatchObject({ to: 'n4', message: { type: 'append', prevIndex: node.snapshot!.index } });
});

test('an installed snapshot is acknowledged once it is on disk, and survives a power loss', () => {
  const snapshot = snapshotOfTen();
  const bench = new Bench();
  bench.receive('n2', { type: 'install', term: 1, snapshot });
  expect(bench.take()).toEqual([]);
  bench.sync();
  expect(bench.take().map(({ message }) => message)).toEqual([appended(1, 10)]);
  bench.losePowerAndRestart();
  expect(bench.node.appliedIndex).toBe(10);
  expect(bench.node.state.machine.registers.get('x')).toBe(10);
  bench.receive('n2', append(1, [10, 1], commands(11, 1)));
  expect(terms(bench.node)).toEqual([1]);
});

test('a log that contradicts an installed snapshot goes, one that contains its end stays', () => {
  const snapshot = snapshotOfTen();
  const contrary = new Bench();
  contrary.receive('n3', append(1, [0, 0], commands(1, 1)));
  contrary.receive('n2', { type: 'install', term: 2, snapshot });
  contrary.sync();
  expect([contrary.node.log.baseIndex, lastIndex(contrary.node.log)]).toEqual([10, 10]);

  const longer = new Bench();
  longer.receive('n2', append(1, [0, 0], commands(1, ...new Array<number>(12).fill(1))));
  longer.receive('n2', { type: 'install', term: 1, snapshot });
  longer.sync();
  expect(lastIndex(longer.node.log)).toBe(12);
});

test.each([1, 2, 3, 4])(
  'a power loss after %i of the syncs of an installation leaves a node that starts and can be told again',
  (syncs) => {
    const snapshot = snapshotOfTen();
    const bench = new Bench();
    bench.receive('n3', append(1, [0, 0], commands(1, 1, 1)));
    bench.sync();
    bench.receive('n2', { type: 'install', term: 2, snapshot });
    for (let i = 0; i < syncs; i++) bench.syncOnce();
    bench.losePowerAndRestart();
    bench.sync();
    bench.receive('n2', { type: 'install', term: 2, snapshot });
    bench.sync();
    bench.receive('n2', append(2, [10, 1], commands(11, 2)));
    bench.sync();
    bench.losePowerAndRestart();
    expect(bench.node.appliedIndex).toBe(10);
    expect(lastIndex(bench.node.log)).toBe(11);
  },
);

test('a snapshot that covers nothing new is acknowledged as known', () => {
  const bench = new Bench();
  bench.receive('n2', append(1, [0, 0], commands(1, ...new Array<number>(12).fill(1)), 12));
  bench.sync();
  bench.take();
  bench.receive('n2', { type: 'install', term: 1, snapshot: snapshotOfTen() });
  expect(bench.take().map(({ message }) => message)).toEqual([appended(1, 12)]);
});
