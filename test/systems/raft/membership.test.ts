import { expect, test } from 'vitest';
import { lastIndex } from '../../../src/systems/sim/raft/log.ts';
import { MILLISECOND, SECOND } from '../../../src/world/nanos.ts';
import { append, Bench, commands, voteRequest } from './bench.ts';

/** Lets time pass while some followers answer every heartbeat, with all they were sent or with no more than `index`. */
function live(bench: Bench, duration: number, followers: readonly string[], index?: number): void {
  for (let t = 0; t < duration; t += 50 * MILLISECOND) {
    bench.wait(50 * MILLISECOND);
    bench.sync();
    for (const follower of followers) bench.acknowledge(follower, index ?? lastIndex(bench.node.log));
  }
}

function leader(options: ConstructorParameters<typeof Bench>[0] = {}): Bench {
  const bench = new Bench(options);
  bench.elect();
  bench.sync();
  return bench;
}

test('a member that is silent for long is removed, and added again once it answers and has caught up', () => {
  const bench = leader();
  live(bench, 3 * SECOND, ['n2', 'n3', 'n4']);
  expect(bench.node.voters).toEqual(['n1', 'n2', 'n3', 'n4']);
  bench.acknowledge('n5', 0);
  live(bench, SECOND, ['n2', 'n3', 'n4']);
  expect(bench.node.voters).toEqual(['n1', 'n2', 'n3', 'n4']);
  live(bench, SECOND, ['n2', 'n3', 'n4', 'n5']);
  expect(bench.node.voters).toEqual(['n1', 'n2', 'n3', 'n4', 'n5']);
});

test('three members always remain', () => {
  const bench = leader();
  live(bench, 4 * SECOND, ['n2', 'n3']);
  expect(bench.node.voters).toEqual(['n1', 'n2', 'n3']);
  bench.wait(2.9 * SECOND);
  expect(bench.node.voters).toEqual(['n1', 'n2', 'n3']);
});

test('a change is not begun before the previous one is committed', () => {
  const bench = leader();
  live(bench, 200 * MILLISECOND, ['n2', 'n3', 'n4', 'n5']);
  live(bench, 4 * SECOND, ['n2', 'n3'], lastIndex(bench.node.log));
  expect(bench.node.voters).toHaveLength(4);
});

test('no member is removed where those who answer are no majority of those who would be left', () => {
  const bench = leader();
  live(bench, 2.9 * SECOND, ['n2']);
  expect(bench.program.leads()).toBe(true);
  expect(bench.node.voters).toHaveLength(5);
});

test('a change is not begun before the leader has committed an entry of its own term', () => {
  const bench = leader();
  // Answers that acknowledge nothing keep it in office.
  live(bench, 5 * SECOND, ['n2', 'n3'], 0);
  expect(bench.program.leads()).toBe(true);
  expect(bench.node.voters).toHaveLength(5);
});

test('with the bug, one change follows another without waiting', () => {
  const bench = leader({ bugs: ['two-membership-changes'] });
  bench.wait(2.9 * SECOND);
  expect(bench.node.voters).toHaveLength(3);
});

test('a membership counts from the log, before it is committed, and goes with its entry', () => {
  const bench = new Bench();
  const members = { index: 2, term: 1, body: { type: 'members', voters: ['n1', 'n2', 'n3', 'n4'] } } as const;
  bench.receive('n2', append(1, [0, 0], [...commands(1, 1), members]));
  expect(bench.node.voters).toHaveLength(4);
  bench.receive('n3', append(2, [1, 1], commands(2, 2)));
  expect(bench.node.voters).toHaveLength(5);
});

test('a membership survives restarts and snapshots', () => {
  const bench = new Bench({ parameters: { 'snapshot-every': 4 } });
  const members = { index: 2, term: 1, body: { type: 'members', voters: ['n1', 'n2', 'n3', 'n4'] } } as const;
  const entries = [...commands(1, 1), members, ...commands(3, 1, 1, 1, 1)];
  bench.receive('n2', append(1, [0, 0], entries, 6));
  bench.sync();
  bench.losePowerAndRestart();
  expect(bench.node.log.baseIndex).toBeGreaterThanOrEqual(2);
  expect(bench.node.voters).toEqual(['n1', 'n2', 'n3', 'n4']);
});

test('a node that knows it was removed does not stand for election', () => {
  const bench = new Bench();
  const members = { index: 1, term: 1, body: { type: 'members', voters: ['n2', 'n3', 'n4'] } } as const;
  bench.receive('n2', append(1, [0, 0], [members]));
  bench.sync();
  bench.receive('n2', append(1, [1, 1], [], 1));
  bench.take();
  bench.wait(2 * SECOND);
  expect(bench.take()).toEqual([]);
  bench.receive('n3', voteRequest(5, 1, 1));
  bench.sync();
  expect(bench.take()).toMatchObject([{ to: 'n3', message: { type: 'vote', granted: true } }]);
});
