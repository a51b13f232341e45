import { expect, test } from 'vitest';
import { EventualNode, type Message } from '../../src/systems/sim/eventual-kv/program.ts';
import type { Query } from '../../src/systems/sim/shared/request-client.ts';
import { MILLISECOND, SECOND } from '../../src/world/nanos.ts';
import { NodeBench } from './node-bench.ts';
import { findings, run } from './run.ts';

const NODES = ['n1', 'n2', 'n3', 'n4', 'n5'];

/** The first of five replicas, up and running. */
function replica(): NodeBench<Message, Query> {
  const options = { bugs: new Set<string>(), fanout: 2, antiEntropy: 200 * MILLISECOND };
  const bench = new NodeBench<Message, Query>((context) => new EventualNode(context, options), NODES);
  bench.sync();
  return bench;
}

const version = (n: number, value: unknown, writer = 'n2') => ({ key: 'x', ts: { n, writer }, value });
const rumor = (n: number, value: unknown): Message => ({ type: 'rumor', version: version(n, value) });
const READ: Query = { f: 'read', key: 'x', value: null };

function read(bench: NodeBench<Message, Query>): unknown {
  bench.ask(READ);
  bench.sync();
  return (bench.takeAnswers().at(-1) as { value: unknown }).value;
}

test('news is told to a few peers once it is on the disk, and what is no news to nobody', () => {
  const bench = replica();
  bench.receive('n2', rumor(5, 'a'));
  expect(bench.take()).toEqual([]);
  bench.sync();
  expect(bench.take().map(({ message }) => message)).toEqual([rumor(5, 'a'), rumor(5, 'a')]);
  bench.receive('n3', rumor(5, 'a'));
  bench.receive('n3', rumor(4, 'old'));
  bench.sync();
  expect(bench.take()).toEqual([]);
  expect(read(bench)).toBe('a');
});

test('a write is later than all that its replica has seen, though its wall clock is behind, and keeps to it where it is ahead', () => {
  const bench = replica();
  const written = () => {
    bench.ask({ f: 'write', key: 'x', value: 'mine' });
    bench.sync();
    const [told] = bench.take();
    return told?.message.type === 'rumor' ? told.message.version.ts.n : undefined;
  };
  bench.wall = 100;
  bench.receive('n2', rumor(5000, 'a'));
  bench.sync();
  bench.take();
  expect(written()).toBe(5001);
  bench.wall = 9000;
  expect(written()).toBe(9000);
  expect(written()).toBe(9001);
  bench.losePowerAndRestart();
  bench.sync();
  bench.wall = 0;
  expect(written()).toBe(9002);
});

test('two that compare both take what is later', () => {
  const bench = replica();
  bench.receive('n2', rumor(5, 'a'));
  bench.sync();
  bench.take();
  bench.receive('n3', { type: 'digest', stamps: { x: { n: 3, writer: 'n3' } }, answer: true });
  expect(bench.take()).toMatchObject([
    { to: 'n3', message: { type: 'versions', versions: [version(5, 'a')] } },
    { to: 'n3', message: { type: 'digest', stamps: { x: { n: 5 } }, answer: false } },
  ]);
  bench.receive('n3', { type: 'versions', versions: [version(7, 'b', 'n3')] });
  bench.sync();
  expect(read(bench)).toBe('b');
});

test.each([
  ['wall-clock', 'lost-update'],
  ['no-anti-entropy', 'unconverged'],
  ['merge-not-commutative', 'unconverged'],
])('%s is found', async (bug, kind) => {
  expect(findings(await run({ system: 'eventual-kv', bug, seed: 1 })).anomalies).toContain(kind);
});

test('the right one is never accused, and a session that moves may find itself in the past', async () => {
  let violations = 0;
  for (let seed = 1; seed <= 6; seed++) {
    const outcome = await run({ system: 'eventual-kv', seed, timeLimit: 10 * SECOND });
    expect(findings(outcome)).toEqual({ anomalies: [], vacuous: [] });
    const sessions = outcome.verdicts.find(({ checker }) => checker.startsWith('session-guarantees'))!;
    violations += sessions.counts.violations!;
  }
  expect(violations).toBeGreaterThan(0);
});
