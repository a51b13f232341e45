import { expect, test } from 'vitest';
import type { Entry } from '../../../src/systems/sim/raft/entry.ts';
import { lastIndex, termAt } from '../../../src/systems/sim/raft/log.ts';
import { MILLISECOND } from '../../../src/world/nanos.ts';
import type { RandomStream } from '../../../src/world/random.ts';
import { randomOf } from '../../../src/world/random.ts';
import { append, Bench, commands, voteRequest } from './bench.ts';

const small = { parameters: { 'snapshot-every': 5 } };

/** What the node has told others, so what it must still know after any power loss. */
class Promises {
  term = 0;
  vote: string | null = null;
  /** Terms of the acknowledged entries, by index. */
  readonly acknowledged: number[] = [];

  /** What is told to a leader of an earlier term is of no use to it any more. */
  note(bench: Bench, term: number, leaderLog: readonly Entry[]): void {
    for (const { to, message } of bench.take()) {
      if (message.type === 'vote' && message.granted && !message.pre) {
        this.term = message.term;
        this.vote = to;
      }
      if (message.type === 'appended' && message.ok && message.term === term)
        for (let i = 1; i <= message.index; i++) this.acknowledged[i] = leaderLog[i - 1]!.term;
    }
  }

  requireKept({ node }: Bench): void {
    expect(node.term).toBeGreaterThanOrEqual(this.term);
    if (node.term === this.term && this.vote !== null) expect(node.votedFor).toBe(this.vote);
    for (let i = this.acknowledged.length - 1; i > node.log.baseIndex; i--)
      expect(termAt(node.log, i), `entry ${i}`).toBe(this.acknowledged[i]);
  }
}

test.each(Array.from({ length: 40 }, (_, seed) => seed))(
  'what was promised outlasts power losses at any moment, and snapshots on the way (%i)',
  (seed) => {
    const random = randomOf(seed);
    const bench = new Bench(small);
    const promises = new Promises();
    let term = 1;
    let leaderLog: Entry[] = [];
    for (let step = 0; step < 150; step++) {
      if (random.chance(0.08)) {
        bench.losePowerAndRestart(random.pick(['lost', 'prefix', 'torn'] as const));
        promises.requireKept(bench);
      } else if (random.chance(0.05)) {
        bench.killAndRestart();
        promises.requireKept(bench);
      } else if (random.chance(0.04)) {
        // Another leader, whose log lacks what was never acknowledged and goes on in its own way.
        term++;
        bench.wait(160 * MILLISECOND);
        bench.receive('n3', voteRequest(term, 1_000, term));
        leaderLog = leaderLog.slice(0, Math.max(promises.acknowledged.length - 1, 0));
      } else if (random.chance(0.5)) {
        if (bench.syncing) bench.syncOnce();
      } else {
        leaderLog = [...leaderLog, ...commands(leaderLog.length + 1, term)];
        sendFrom(bench, term, leaderLog, promises, random);
      }
      promises.note(bench, term, leaderLog);
    }
    expect(promises.acknowledged.length).toBeGreaterThan(10);
    expect(bench.node.snapshot?.index).toBeGreaterThan(4);
  },
);

/** The leader sends from somewhere at or before the follower's end, and says that the acknowledged is committed. */
function sendFrom(
  bench: Bench,
  term: number,
  log: readonly Entry[],
  promises: Promises,
  random: RandomStream,
): void {
  const from = Math.max(0, Math.min(lastIndex(bench.node.log), log.length - 1) - random.int(3));
  const commit = Math.max(0, promises.acknowledged.length - 1);
  bench.receive('n3', append(term, [from, log[from - 1]?.term ?? 0], log.slice(from), commit));
}

test('a torn tail is cut off at restart, and new records do not follow it', () => {
  const bench = new Bench();
  bench.receive('n2', append(1, [0, 0], commands(1, 1, 1)));
  bench.sync();
  bench.disk.change({ do: 'append', file: 'log', data: '1234abcd 60 E 3 1 {"type":"no' });
  bench.killAndRestart();
  bench.receive('n2', append(1, [2, 1], commands(3, 1)));
  bench.sync();
  bench.losePowerAndRestart();
  expect(lastIndex(bench.node.log)).toBe(3);
});

test('a node whose synced log is damaged refuses to start', () => {
  const bench = new Bench();
  for (let i = 1; i < 4; i++) {
    bench.receive('n2', append(1, [i - 1, i === 1 ? 0 : 1], commands(i, 1)));
    bench.sync();
  }
  const text = bench.disk.read('log')!;
  bench.disk.change({ do: 'write', file: 'log', data: text.replace('"x"', '"y"') });
  expect(() => bench.killAndRestart()).toThrow('damaged though it was synced');
});

test('a node whose log is gone while its snapshot is there refuses to start', () => {
  const bench = new Bench(small);
  bench.receive('n2', append(1, [0, 0], commands(1, 1, 1, 1, 1, 1, 1), 6));
  bench.sync();
  bench.disk.change({ do: 'remove', file: 'log' });
  expect(() => bench.killAndRestart()).toThrow('log: missing');
});
