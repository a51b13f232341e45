import { expect, test } from 'vitest';
import type { Query } from '../../src/systems/sim/shared/request-client.ts';
import type { Message } from '../../src/systems/sim/two-phase-commit/messages.ts';
import { CommitNode } from '../../src/systems/sim/two-phase-commit/program.ts';
import { MILLISECOND, SECOND } from '../../src/world/nanos.ts';
import { NodeBench } from './node-bench.ts';
import { findings, run } from './run.ts';

/** The first of three nodes, up and running. */
function node(cooperative = false): NodeBench<Message, Query> {
  const bench = new NodeBench<Message, Query>(
    (context) =>
      new CommitNode(context, {
        bugs: new Set(),
        resend: 100 * MILLISECOND,
        voteTimeout: 500 * MILLISECOND,
        cooperative,
      }),
  );
  bench.sync();
  return bench;
}

const transfer = (txn: number, from: string, to: string, amount = 10) => ({
  ...{ txn, participants: [from, to].map((account) => account.slice(0, 2)) },
  ...{ from, to, amount },
});
const ask = (txn: number, from: string, to: string, amount?: number): Query => ({
  f: 'transfer',
  value: transfer(txn, from, to, amount),
});
const request = (txn: number, from: string, to: string, amount?: number): Message => ({
  type: 'vote-request',
  work: { f: 'transfer', ...transfer(txn, from, to, amount) },
});
const vote = (txn: number, yes: boolean): Message => ({ type: 'vote', txn, vote: yes ? 'yes' : 'no' });
const decision = (txn: number, what: 'commit' | 'abort'): Message => ({
  type: 'decision',
  txn,
  decision: what,
});

/** What it said since the last call, as `n2 vote-request`. */
function said(bench: NodeBench<Message, Query>): string[] {
  bench.sync();
  return bench.take().map(({ to, message }) => {
    const what = message.type === 'vote' ? message.vote : message.type;
    return `${to} ${message.type === 'decision' ? message.decision : what}`;
  });
}

function balances(bench: NodeBench<Message, Query>, ...accounts: string[]): unknown {
  bench.takeAnswers();
  bench.ask({ f: 'read', value: accounts });
  bench.sync();
  return (bench.takeAnswers()[0] as { value?: unknown }).value;
}

test('a transaction is committed when every participant has said yes, and nobody hears of it before it is on the disk', () => {
  const bench = node();
  bench.ask(ask(1, 'n2:0', 'n3:0'));
  expect(said(bench)).toEqual(['n2 vote-request', 'n3 vote-request']);
  bench.receive('n2', vote(1, true));
  expect(bench.takeAnswers()).toEqual([]);
  bench.receive('n3', vote(1, true));
  expect([bench.takeAnswers(), bench.take()]).toEqual([[], []]);
  expect(said(bench)).toEqual(['n2 commit', 'n3 commit']);
  expect(bench.takeAnswers()).toEqual([{ type: 'ok' }]);
});

test('one no aborts, and so does a vote that does not come', () => {
  const bench = node();
  bench.ask(ask(1, 'n2:0', 'n3:0'));
  bench.receive('n2', vote(1, false));
  bench.ask(ask(2, 'n2:0', 'n3:0'));
  bench.receive('n2', vote(2, true));
  bench.wait(SECOND);
  expect(bench.takeAnswers()).toEqual([
    { type: 'fail', error: 'vote-no' },
    { type: 'fail', error: 'no-vote' },
  ]);
  bench.receive('n2', { type: 'inquiry', txn: 2, coordinator: 'n1' });
  expect(said(bench).at(-1)).toBe('n2 abort');
});

test('a coordinator that comes back tells its decision to commit, and that it knows of no other', () => {
  const bench = node();
  for (const txn of [1, 2]) bench.ask(ask(txn, 'n2:0', 'n3:0'));
  for (const from of ['n2', 'n3']) bench.receive(from, vote(1, true));
  said(bench);
  bench.losePowerAndRestart();
  bench.sync();
  expect(said(bench)).toEqual(['n2 commit', 'n3 commit']);
  for (const txn of [1, 2]) bench.receive('n3', { type: 'inquiry', txn, coordinator: 'n1' });
  expect(said(bench)).toEqual(['n3 commit', 'n3 abort']);
  for (const from of ['n2', 'n3']) bench.receive(from, { type: 'done', txn: 1 });
  bench.sync();
  bench.losePowerAndRestart();
  expect(said(bench)).toEqual([]);
});

test('a yes is told once it is on the disk; a power loss leaves the shard in doubt, with its locks', () => {
  const bench = node();
  bench.receive('n2', request(1, 'n1:0', 'n3:0'));
  expect(bench.take()).toEqual([]);
  expect(said(bench)).toEqual(['n2 yes']);
  bench.losePowerAndRestart();
  bench.receive('n2', request(2, 'n1:0', 'n3:0'));
  expect(said(bench)).toEqual(['n2 no']);
  bench.wait(150 * MILLISECOND);
  expect(said(bench)).toEqual(['n2 inquiry']);
  bench.receive('n2', decision(1, 'commit'));
  expect(said(bench)).toEqual(['n2 done']);
  bench.losePowerAndRestart();
  bench.sync();
  expect(balances(bench, 'n1:0', 'n1:1')).toEqual({ 'n1:0': 90, 'n1:1': 100 });
});

test('a shard refuses what it has not the money for', () => {
  const bench = node();
  bench.receive('n2', request(1, 'n1:0', 'n3:0', 101));
  bench.receive('n2', request(2, 'n3:0', 'n1:0', 101));
  expect(said(bench).sort()).toEqual(['n2 no', 'n2 yes']);
});

test('a decision that comes twice, or after a vote that was repeated, changes nothing more', () => {
  const bench = node();
  bench.receive('n2', request(1, 'n1:0', 'n3:0'));
  bench.sync();
  bench.receive('n2', decision(1, 'commit'));
  bench.receive('n2', request(1, 'n1:0', 'n3:0'));
  bench.receive('n2', decision(1, 'commit'));
  bench.sync();
  expect(balances(bench, 'n1:0')).toEqual({ 'n1:0': 90 });
});

test('cooperating, a participant in doubt asks the others, and one that has not voted says no and so decides', () => {
  const doubting = node(true);
  doubting.receive('n2', request(1, 'n1:0', 'n3:0'));
  doubting.sync();
  doubting.take();
  doubting.wait(150 * MILLISECOND);
  expect(said(doubting)).toEqual(['n2 inquiry', 'n3 inquiry']);
  const other = node(true);
  other.receive('n3', { type: 'inquiry', txn: 1, coordinator: 'n2' });
  expect(said(other)).toEqual(['n3 abort']);
  other.receive('n2', request(1, 'n1:0', 'n3:0'));
  expect(said(other)).toEqual(['n2 no']);
});

test.each(['participant-forgets-yes', 'coordinator-forgets-decision', 'aborts-after-yes'])(
  '%s is found, by the money too',
  async (bug) => {
    const { anomalies } = findings(await run({ system: 'two-phase-commit', bug, seed: 1 }));
    expect(anomalies).toContain('wrong-total');
    expect(anomalies).toContain(bug === 'participant-forgets-yes' ? 'commit-without-yes' : 'agreement');
  },
);

test.each([false, true])('the right one is never accused (cooperative: %s)', async (cooperative) => {
  for (let seed = 1; seed <= 4; seed++) {
    const systemParameters = { cooperative };
    const outcome = await run({ system: 'two-phase-commit', seed, systemParameters, timeLimit: 10 * SECOND });
    expect(findings(outcome)).toEqual({ anomalies: [], vacuous: [] });
  }
});

test('a coordinator that never comes back leaves shards in doubt, which two-phase commit does not promise to end', async () => {
  const nemeses = 'kill:restart=no,targets=minority,packet:kinds=delay,delay=200ms,targets=all,interval=10ms';
  const blocked = await run({ system: 'two-phase-commit', seed: 2, nemeses, timeLimit: 5 * SECOND });
  const verdict = blocked.verdicts.find(({ checker }) => checker === 'atomic-commit')!;
  expect(verdict.valid).toBe(true);
  expect(verdict.counts.inDoubt).toBeGreaterThan(0);
});
