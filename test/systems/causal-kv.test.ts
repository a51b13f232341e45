import { expect, test } from 'vitest';
import { type Session, SessionClient } from '../../src/systems/sim/causal-kv/client.ts';
import type { Message, Query, Reply, Write } from '../../src/systems/sim/causal-kv/messages.ts';
import { CausalNode } from '../../src/systems/sim/causal-kv/program.ts';
import { Replica } from '../../src/systems/sim/causal-kv/replica.ts';
import { covers, merge, NOTHING, type Vector } from '../../src/systems/sim/shared/vector.ts';
import { ConnectionError } from '../../src/world/client.ts';
import { SECOND } from '../../src/world/nanos.ts';
import { randomOf } from '../../src/world/random.ts';
import { NodeBench } from './node-bench.ts';
import { findings, run } from './run.ts';

const system = 'causal-kv';

const write = (origin: string, number: number, n: number, dependencies: Vector = NOTHING): Write => ({
  key: 'x',
  value: `${origin}.${number}`,
  ts: { n, writer: origin },
  origin,
  number,
  dependencies,
});
const names = (writes: readonly Write[]) => writes.map(({ value }) => value);

test('a vector covers another if it has as much of each node', () => {
  expect(covers({ n1: 2 }, { n1: 2 })).toBe(true);
  expect(covers({ n1: 2 }, { n1: 1, n2: 1 })).toBe(false);
  expect(merge({ n1: 2, n2: 1 }, { n2: 3 })).toEqual({ n1: 2, n2: 3 });
});

test('a write waits for those of its origin before it and for what it depends on', () => {
  const replica = new Replica();
  const question = write('n1', 1, 1);
  const answer = write('n2', 1, 2, { n1: 1 });
  const thanks = write('n2', 2, 3);
  expect(replica.receive(thanks)).toEqual([]);
  expect(replica.receive(answer)).toEqual([]);
  expect(replica.read('x')).toBeUndefined();
  expect(names(replica.receive(question))).toEqual(['n1.1', 'n2.1', 'n2.2']);
  expect(replica.receive(answer)).toEqual([]);
});

test('of writes that know nothing of each other all replicas keep the same', () => {
  const writes = [write('n1', 1, 4), write('n2', 1, 4), write('n3', 1, 2)];
  for (const order of [writes, writes.slice().reverse()]) {
    const replica = new Replica();
    for (const one of order) replica.receive(one);
    expect(replica.read('x')?.value).toBe('n2.1');
  }
});

test('a write comes after all that its replica has applied', () => {
  const replica = new Replica();
  replica.receive(write('n2', 1, 7));
  expect(replica.newWrite('n1', 'x', 0, NOTHING).ts.n).toBe(8);
});

test('anti-entropy sends what is missing, in order', () => {
  const replica = new Replica();
  for (const one of [write('n1', 1, 1), write('n1', 2, 2), write('n2', 1, 3)]) replica.receive(one);
  expect(names(replica.missing({ n1: 1 }))).toEqual(['n1.2', 'n2.1']);
});

const query = (f: string, seen: Vector = NOTHING): Query => ({
  f,
  key: 'x',
  value: 1,
  seen,
  dependencies: seen,
});

function node(): NodeBench<Message, Query> {
  return new NodeBench<Message, Query>((context) => new CausalNode(context, { gossip: 1000 * SECOND }));
}

test('a replica sends away a session that has seen more', () => {
  const bench = node();
  bench.ask(query('read', { n2: 1 }));
  bench.receive('n2', { type: 'writes', writes: [write('n2', 1, 1)] });
  bench.ask(query('read', { n2: 1 }));
  bench.sync();
  expect(bench.takeAnswers()).toEqual([{ type: 'behind' }, { type: 'ok', value: 'n2.1', seen: { n2: 1 } }]);
});

test('nobody sees a write that a power loss can take back', () => {
  const bench = node();
  bench.ask(query('write'));
  bench.ask(query('read'));
  expect([bench.takeAnswers(), bench.take()]).toEqual([[], []]);
  bench.losePowerAndRestart();
  bench.ask(query('read'));
  bench.sync();
  expect(bench.takeAnswers()).toEqual([{ type: 'ok', value: null, seen: NOTHING }]);
  bench.ask(query('write'));
  bench.sync();
  bench.losePowerAndRestart();
  bench.ask(query('read'));
  bench.sync();
  expect(bench.takeAnswers()[1]).toEqual({ type: 'ok', value: 1, seen: { n1: 1 } });
});

/** A client at n1 of three nodes whose requests come out as told, the last outcome over and over. */
async function client(outcomes: readonly (Reply | 'refused' | 'reset')[], bugs: readonly string[] = []) {
  const asked: { node: string; query: Query }[] = [];
  const session: Session = { seen: NOTHING, wrote: NOTHING, node: null };
  const context = {
    id: 'c1',
    process: 0,
    nodes: ['n1', 'n2', 'n3'],
    random: randomOf(1),
    request(to: string, what: unknown) {
      const outcome = outcomes[Math.min(asked.length, outcomes.length - 1)]!;
      asked.push({ node: to, query: what as Query });
      if (typeof outcome === 'string') return Promise.reject(new ConnectionError(outcome, to));
      return Promise.resolve(outcome);
    },
    sleep: () => Promise.resolve(),
  };
  const made = new SessionClient(context, session, { bugs: new Set(bugs), roam: 0 });
  await made.open('n1');
  return { client: made, asked, session };
}

const READ = { f: 'read', key: 'x', value: null };
const WRITE = { f: 'write', key: 'x', value: 1 };
const BEHIND: Reply = { type: 'behind' };
const ok = (seen: Vector): Reply => ({ type: 'ok', value: 5, seen });

test('a session takes along what it has read and written', async () => {
  const { client: c, asked } = await client([ok({ n2: 3 }), ok({ n1: 1 }), BEHIND, ok({})]);
  await c.invoke(READ);
  await c.invoke(WRITE);
  expect(await c.invoke(READ)).toMatchObject({ type: 'ok', value: 5 });
  expect(asked.map(({ query: { seen } }) => seen)).toEqual([
    {},
    { n2: 3 },
    { n1: 1, n2: 3 },
    { n1: 1, n2: 3 },
  ]);
  expect(asked[1]!.query.dependencies).toEqual({ n2: 3 });
  expect(asked[3]!.node).not.toBe('n1');
});

test.each([
  ['a replica is behind, and so are all', [BEHIND], WRITE, 'fail behind'],
  ['no replica is up', ['refused'], WRITE, 'fail refused'],
  ['the connection breaks under a write', ['reset'], WRITE, 'info reset'],
  ['it breaks under a read', ['reset', ok({})], READ, 'ok '],
  ['its own replica is down', ['refused', ok({})], WRITE, 'ok '],
] as const)('when %s', async (_, outcomes, invocation, expected) => {
  const { client: c } = await client(outcomes);
  const { type, error } = await c.invoke(invocation);
  expect(`${type} ${error ?? ''}`).toBe(expected);
});

test('read dependencies dropped: a write depends only on what its session wrote', async () => {
  const { client: c, asked } = await client(
    [ok({ n2: 3 }), ok({ n1: 1 }), ok({ n1: 2 })],
    ['read-dependencies-dropped'],
  );
  for (const invocation of [READ, WRITE, WRITE]) await c.invoke(invocation);
  expect(asked.map(({ query: { dependencies } }) => dependencies)).toEqual([{}, {}, { n1: 1 }]);
});

test.each([
  ['read-dependencies-dropped', /WriteCORead|CyclicCF|writes-follow-reads/],
  ['moves-without-vector', /read-your-writes|monotonic-reads/],
])('%s is found', async (bug, kinds) => {
  for (const seed of [1001, 2001]) {
    const { anomalies } = findings(await run({ system, bug, seed }));
    expect(anomalies.join()).toMatch(kinds);
  }
});

test('the right one is never accused', async () => {
  for (let seed = 1; seed <= 10; seed++) {
    const outcome = await run({ system, seed, timeLimit: 10 * SECOND });
    expect(findings(outcome)).toEqual({ anomalies: [], vacuous: [] });
  }
});
