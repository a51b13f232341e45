import { expect, test } from 'vitest';
import type { Message } from '../../src/systems/sim/quorum-register/messages.ts';
import type { QuorumOptions } from '../../src/systems/sim/quorum-register/options.ts';
import { QuorumNode } from '../../src/systems/sim/quorum-register/program.ts';
import type { Query } from '../../src/systems/sim/shared/request-client.ts';
import { MILLISECOND, SECOND } from '../../src/world/nanos.ts';
import { NodeBench } from './node-bench.ts';
import { findings, run } from './run.ts';

const OPTIONS: QuorumOptions = {
  bugs: new Set(),
  replicas: 0,
  r: 0,
  w: 0,
  writeBack: false,
  tooFew: 'refuse',
  patience: SECOND,
  resend: 100 * MILLISECOND,
  gossip: 1000 * SECOND,
};

/** The first of three replicas, or of these, up and running. */
function replica(
  options: Partial<QuorumOptions> = {},
  nodes = ['n1', 'n2', 'n3'],
): NodeBench<Message, Query> {
  const bench = new NodeBench<Message, Query>(
    (context) => new QuorumNode(context, { ...OPTIONS, ...options }),
    nodes,
  );
  settle(bench);
  return bench;
}

/** Makes safe whatever the start wrote: nothing leaves the node before. */
function settle(bench: NodeBench<Message, Query>): void {
  bench.receive('n2', { type: 'digest', stamps: {}, answer: true });
  bench.sync();
  bench.take();
}

const READ: Query = { f: 'read', key: 'x', value: null };
const version = (n: number, value: unknown) => ({ key: 'x', ts: { n, writer: `w${n}` }, value });
const state = (n: number, value: unknown): Message => ({
  type: 'state',
  op: 'c1.1',
  version: version(n, value),
});
const STORED: Message = { type: 'stored', op: 'c1.1' };

test('a read returns the latest version of a quorum and repairs whoever has an older one', () => {
  const bench = replica();
  bench.ask(READ);
  bench.receive('n2', state(3, 'new'));
  expect(bench.takeAnswers()).toEqual([{ type: 'ok', value: 'new' }]);
  // n1, which knew nothing, got the version from itself.
  bench.take();
  bench.receive('n3', { type: 'query', op: 'c9.1', key: 'x' });
  bench.sync();
  expect(bench.take()).toEqual([
    { to: 'n3', message: { type: 'state', op: 'c9.1', version: version(3, 'new') } },
  ]);
});

test('a write gets a timestamp above all that a quorum has seen, and ends when a quorum has stored it', () => {
  const bench = replica();
  bench.ask({ f: 'write', key: 'x', value: 'mine' });
  bench.receive('n3', state(7, 'theirs'));
  const stores = bench.take().filter(({ message }) => message.type === 'store');
  expect(stores.map(({ message }) => message)).toMatchObject([
    { version: { ts: { n: 8, writer: 'c1.1' }, value: 'mine' } },
    { version: { ts: { n: 8, writer: 'c1.1' }, value: 'mine' } },
  ]);
  bench.receive('n2', STORED);
  expect(bench.takeAnswers()).toEqual([]);
  bench.sync();
  expect(bench.takeAnswers()).toEqual([{ type: 'ok' }]);
});

test('one replica that answers twice is no quorum', () => {
  const bench = replica({ replicas: 0, r: 3 });
  bench.ask(READ);
  bench.receive('n2', state(1, 'a'));
  bench.receive('n2', state(1, 'a'));
  expect(bench.takeAnswers()).toEqual([]);
});

test('nobody hears of a version before it is on the disk, and then a power loss leaves it there', () => {
  const bench = replica();
  bench.receive('n2', { type: 'store', op: 'o', version: version(1, 'a') });
  bench.receive('n2', { type: 'query', op: 'p', key: 'x' });
  expect(bench.take()).toEqual([]);
  bench.sync();
  expect(bench.take().map(({ message }) => message.type)).toEqual(['stored', 'state']);
  bench.losePowerAndRestart();
  settle(bench);
  bench.receive('n2', { type: 'query', op: 'q', key: 'x' });
  expect(bench.take()).toMatchObject([{ message: { version: { value: 'a' } } }]);
});

test('an older version does not replace a deletion', () => {
  const bench = replica();
  bench.receive('n2', { type: 'versions', versions: [version(2, null)] });
  bench.receive('n2', { type: 'versions', versions: [version(1, 'back')] });
  bench.receive('n2', { type: 'query', op: 'p', key: 'x' });
  bench.sync();
  expect(bench.take()).toMatchObject([{ message: { version: { ts: { n: 2 }, value: null } } }]);
});

test('without a quorum a read fails, and a write that some replica may have stored is unknown', () => {
  const bench = replica();
  bench.ask(READ);
  bench.wait(2 * SECOND);
  expect(bench.takeAnswers()).toEqual([{ type: 'fail', error: 'no-quorum' }]);
  bench.ask({ f: 'write', key: 'x', value: 1 });
  bench.receive('n2', { ...state(1, 0), op: 'c1.2' } as Message);
  bench.wait(2 * SECOND);
  bench.sync();
  expect(bench.takeAnswers()).toEqual([{ type: 'info', error: 'no-quorum' }]);
});

test('anti-entropy gives a replica what it lacks of its own keys', () => {
  const nodes = ['n1', 'n2', 'n3', 'n4', 'n5'];
  const bench = replica({ replicas: 3 }, nodes);
  bench.receive('n2', { type: 'versions', versions: [version(1, 'a')] });
  const given = nodes.slice(1).filter((peer) => {
    bench.receive(peer, { type: 'digest', stamps: {}, answer: false });
    bench.sync();
    return bench.take().length > 0;
  });
  expect(given.length).toBeGreaterThanOrEqual(2);
  expect(given.length).toBeLessThanOrEqual(3);
});

test.each(['small-quorums', 'no-tombstone', 'wall-clock', 'sloppy-quorum'])('%s is found', async (bug) => {
  for (const seed of [1, 3001]) {
    const outcome = await run({ system: 'quorum-register', bug, seed });
    expect(findings(outcome).anomalies).toContain('stale-read');
  }
});

test('quorums that are too small are as bad when they are asked for', async () => {
  const systemParameters = { r: 1, w: 1 };
  const outcome = await run({ system: 'quorum-register', systemParameters, nemeses: 'partition', seed: 1 });
  expect(findings(outcome).anomalies).toContain('stale-read');
});

test('the right one is never accused', async () => {
  for (let seed = 1; seed <= 10; seed++) {
    const outcome = await run({ system: 'quorum-register', seed, timeLimit: 10 * SECOND });
    expect(findings(outcome)).toEqual({ anomalies: [], vacuous: [] });
  }
});
