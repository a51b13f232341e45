import { expect, test } from 'vitest';
import type { Query } from '../../src/systems/sim/shared/log-client.ts';
import type { Accept, Message, Value } from '../../src/systems/sim/shared/multi-paxos/messages.ts';
import { MultiPaxosProgram } from '../../src/systems/sim/shared/multi-paxos/program.ts';
import { PARAMETERS, type Settings } from '../../src/systems/sim/shared/multi-paxos/settings.ts';
import { emptyStateMachine, perform } from '../../src/systems/sim/shared/state-machine.ts';
import { MILLISECOND } from '../../src/world/nanos.ts';
import { readParameters } from '../../src/world/parameters.ts';
import { NodeBench } from './node-bench.ts';
import { findings, run } from './run.ts';

const b = (round: number, node: string) => ({ round, node });
const OWN = b(1, 'n1');
const LEASE = 150 * MILLISECOND;
const NOOP: Value = { type: 'noop' };

function command(value: number, sequence = 1): Extract<Value, { type: 'command' }> {
  return { type: 'command', client: 'c1', sequence, operation: { f: 'write', key: 'x', value } };
}

function write(value: number, sequence = 1): Query {
  const { client, operation } = command(value);
  return { client, sequence, operation };
}

const READ: Query = { client: 'c9', sequence: 1, operation: { f: 'read', key: 'x', value: null } };

/** The first of three nodes. */
function node(settings: Partial<Settings> = {}): NodeBench<Message, Query> {
  return new NodeBench<Message, Query>((context) => {
    const state = emptyStateMachine();
    return new MultiPaxosProgram(context, {
      settings: { ...readParameters(PARAMETERS, {}, ''), ...settings },
      bugs: new Set(),
      machine: { perform: (operation) => perform(state, operation) },
    });
  });
}

/** A node that nobody leads, until it stands for election. */
function candidate(settings: Partial<Settings> = {}): NodeBench<Message, Query> {
  const bench = node(settings);
  bench.wait(2 * LEASE);
  bench.sync();
  return bench;
}

function leader(settings: Partial<Settings> = {}): NodeBench<Message, Query> {
  const bench = candidate(settings);
  bench.receive('n2', { type: 'promise', ballot: OWN, accepted: [] });
  bench.sync();
  bench.take();
  return bench;
}

/** What it asked n2 to accept since the last call. */
function proposals(bench: NodeBench<Message, Query>): Accept['proposals'] {
  return bench
    .take()
    .flatMap(({ to, message }) => (to === 'n2' && message.type === 'accept' ? message.proposals : []));
}

function accepted(slots: readonly number[], sentAt = 0): Message {
  return { type: 'accepted', ballot: OWN, slots, sentAt };
}

/** What a leader n2 says. */
function accept(round: number, proposals: Accept['proposals'], chosen = 0): Message {
  return { type: 'accept', ballot: b(round, 'n2'), proposals, chosen, sentAt: 0 };
}

test('nobody hears of a candidacy before the ballot is on the disk, and no later life uses it again', () => {
  const bench = node();
  bench.wait(2 * LEASE);
  expect(bench.take()).toEqual([]);
  bench.sync();
  expect(bench.take()[0]).toMatchObject({ message: { type: 'prepare', ballot: OWN, from: 1 } });
  bench.losePowerAndRestart();
  bench.wait(2 * LEASE);
  bench.sync();
  expect(bench.take()[0]).toMatchObject({ message: { type: 'prepare', ballot: b(2, 'n1') } });
});

test('a new leader proposes again what may be chosen and fills the gaps with nothing', () => {
  const bench = candidate();
  const promised = [
    { slot: 1, ballot: b(0, 'n2'), value: command(10), chosen: true },
    { slot: 4, ballot: b(0, 'n3'), value: command(40), chosen: false },
  ];
  bench.take();
  bench.receive('n2', { type: 'promise', ballot: OWN, accepted: promised });
  bench.sync();
  expect(proposals(bench)).toEqual([
    { slot: 2, value: NOOP },
    { slot: 3, value: NOOP },
    { slot: 4, value: command(40) },
  ]);
});

test('of two reports about a slot the one of the higher ballot counts', () => {
  const bench = node();
  bench.receive('n2', accept(5, [{ slot: 1, value: command(5) }]));
  bench.wait(2 * LEASE);
  bench.sync();
  bench.take();
  const older = { slot: 1, ballot: b(3, 'n3'), value: command(3), chosen: false };
  bench.receive('n3', { type: 'promise', ballot: b(6, 'n1'), accepted: [older] });
  bench.sync();
  expect(proposals(bench)).toEqual([{ slot: 1, value: command(5) }]);
});

test('an acceptor that has promised a ballot takes no part in lower ones, also after a power loss', () => {
  const bench = node();
  bench.wait(LEASE);
  bench.receive('n3', { type: 'prepare', ballot: b(7, 'n3'), from: 1 });
  expect(bench.take()).toEqual([]);
  bench.sync();
  expect(bench.take()).toMatchObject([{ to: 'n3', message: { type: 'promise', accepted: [] } }]);
  bench.losePowerAndRestart();
  bench.receive('n2', accept(6, [{ slot: 1, value: command(1) }]));
  bench.sync();
  expect(bench.take()).toMatchObject([{ to: 'n2', message: { type: 'refused', promised: b(7, 'n3') } }]);
});

test('a client is answered when its slot and all before it are chosen', () => {
  const bench = leader();
  bench.ask(write(1, 1));
  bench.ask({ ...write(2), client: 'c2' });
  bench.receive('n2', accepted([2]));
  bench.sync();
  expect(bench.takeAnswers()).toEqual([]);
  bench.receive('n3', accepted([1]));
  bench.sync();
  expect(bench.takeAnswers()).toEqual([
    { type: 'ok', value: 1 },
    { type: 'ok', value: 2 },
  ]);
});

test('a request that is sent again takes effect once', () => {
  const bench = leader();
  for (let slot = 1; slot <= 2; slot++) bench.ask(write(1));
  bench.ask(write(2, 2));
  bench.receive('n2', accepted([1, 2, 3]));
  bench.sync();
  expect(bench.takeAnswers()).toEqual([
    { type: 'ok', value: 1 },
    { type: 'ok', value: 1 },
    { type: 'ok', value: 2 },
  ]);
  bench.ask(write(2, 2));
  expect(bench.takeAnswers()).toEqual([{ type: 'ok', value: 2 }]);
});

test('a follower takes for chosen what it accepted in the ballot of the leader that says so', () => {
  const bench = node();
  bench.receive('n2', accept(1, [{ slot: 1, value: command(1) }]));
  bench.receive('n2', accept(1, [], 1));
  bench.sync();
  bench.take();
  bench.receive('n3', { type: 'lacks', from: 1 });
  expect(bench.take()).toMatchObject([{ message: { type: 'chosen', values: [{ slot: 1, chosen: true }] } }]);
});

test('a follower asks what was chosen where it accepted something in another ballot', () => {
  const bench = node();
  bench.receive('n2', accept(1, [{ slot: 1, value: command(1) }]));
  bench.receive('n2', accept(2, [], 1));
  bench.sync();
  expect(bench.take().map(({ message }) => message)).toContainEqual({ type: 'lacks', from: 1 });
  const chosen = { slot: 1, ballot: b(2, 'n2'), value: command(2), chosen: true };
  bench.receive('n2', { type: 'chosen', values: [chosen] });
  bench.receive('n3', { type: 'lacks', from: 1 });
  bench.sync();
  expect(bench.take()).toMatchObject([{ message: { values: [{ value: command(2) }] } }]);
});

test('what is known to be chosen is known after a restart', () => {
  const bench = node();
  bench.receive('n2', accept(1, [{ slot: 1, value: command(1) }]));
  bench.receive('n2', accept(1, [{ slot: 2, value: command(2, 2) }], 1));
  bench.receive('n2', accept(1, [{ slot: 3, value: command(3, 3) }], 2));
  bench.sync();
  bench.take();
  bench.losePowerAndRestart();
  bench.receive('n3', { type: 'lacks', from: 1 });
  bench.sync();
  expect(bench.take()).toMatchObject([{ message: { values: [{ slot: 1 }] } }]);
});

test('who has heard a leader or has just started helps no other to lead for the length of a lease', () => {
  const bench = node();
  const prepare: Message = { type: 'prepare', ballot: b(9, 'n3'), from: 1 };
  bench.receive('n3', prepare);
  bench.wait(LEASE);
  bench.receive('n2', accept(1, []));
  bench.sync();
  bench.take();
  bench.wait(LEASE - 1);
  bench.receive('n3', prepare);
  bench.sync();
  expect(bench.take()).toEqual([]);
  bench.wait(1);
  bench.receive('n3', prepare);
  bench.sync();
  expect(bench.take()).toMatchObject([{ to: 'n3', message: { type: 'promise' } }]);
});

test('under a lease a leader reads at once for so long after the sending of what a majority has heard', () => {
  const bench = leader({ reads: 'lease', drift: 0, heartbeat: 10 * LEASE });
  const sentAt = 2 * LEASE;
  bench.receive('n2', accepted([], sentAt));
  bench.wait(LEASE - 1);
  bench.ask(READ);
  expect(bench.takeAnswers()).toEqual([{ type: 'ok', value: null }]);
  bench.wait(1);
  bench.ask({ ...READ, sequence: 2 });
  bench.sync();
  expect(bench.takeAnswers()).toEqual([]);
  expect(proposals(bench)).toHaveLength(1);
});

test('without a lease a read goes through the log', () => {
  const bench = leader();
  bench.receive('n2', accepted([], 2 * LEASE));
  bench.ask(READ);
  bench.sync();
  expect(bench.takeAnswers()).toEqual([]);
  bench.receive('n2', accepted([1]));
  expect(bench.takeAnswers()).toEqual([{ type: 'ok', value: null }]);
});

test('a leader that meets a higher ballot sends its clients away, as their requests may yet be chosen', () => {
  const bench = leader();
  bench.ask(write(1));
  bench.receive('n3', { type: 'refused', ballot: OWN, promised: b(4, 'n3') });
  bench.sync();
  expect(bench.takeAnswers()).toEqual([{ type: 'unknown' }]);
  bench.ask(write(2, 2));
  expect(bench.takeAnswers()).toEqual([{ type: 'not-leader', leader: null }]);
});

test.each(['gap-filled-with-new-value', 'lease-by-wall-clock', 'commits-other-ballot'])(
  '%s is found',
  async (bug) => {
    for (let seed = 0; seed <= 1; seed++)
      expect((await run({ system: 'multi-paxos', bug, seed })).valid).toBe(false);
  },
);

test('the right one is never accused', async () => {
  for (let seed = 1; seed <= 8; seed++) {
    const outcome = await run({ system: 'multi-paxos', seed });
    expect(findings(outcome)).toEqual({ anomalies: [], vacuous: [] });
  }
});

test('nor are its reads under a lease, where clocks drift within their bound', async () => {
  const lease = { systemParameters: { reads: 'lease' }, model: { timing: 'partially-synchronous' } } as const;
  for (let seed = 1; seed <= 3; seed++) {
    const outcome = await run({ system: 'multi-paxos', ...lease, seed });
    expect(findings(outcome)).toEqual({ anomalies: [], vacuous: [] });
  }
});
