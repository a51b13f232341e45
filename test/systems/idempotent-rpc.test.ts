import { expect, test } from 'vitest';
import type { RpcMessage } from '../../src/systems/sim/idempotent-rpc/messages.ts';
import { RpcNode } from '../../src/systems/sim/idempotent-rpc/program.ts';
import type { Query } from '../../src/systems/sim/shared/log-client.ts';
import { MILLISECOND, SECOND } from '../../src/world/nanos.ts';
import { NodeBench } from './node-bench.ts';
import { findings, run } from './run.ts';

const system = 'idempotent-rpc';
const RETRY = 100 * MILLISECOND;

const add = (client: string, sequence: number, value: number): Query => ({
  client,
  sequence,
  operation: { f: 'counter-add', key: null, value },
});
const READ: Query = {
  client: 'reader',
  sequence: 1,
  operation: { f: 'counter-read', key: null, value: null },
};

/** A node, of which n1 is the server. */
function node(id: string, ...bugs: string[]): NodeBench<RpcMessage, Query> {
  const nodes = [id, ...['n1', 'n2', 'n3'].filter((other) => other !== id)];
  return new NodeBench<RpcMessage, Query>(
    (context) => new RpcNode(context, { bugs: new Set(bugs), retry: RETRY }),
    nodes,
  );
}

const calls = (...all: Query[]): RpcMessage => ({ type: 'calls', calls: all });

/** The answers that leave the server for n2, after it has got these calls from there. */
function serve(bench: NodeBench<RpcMessage, Query>, ...all: Query[]): unknown[] {
  for (const call of all) bench.receive('n2', calls(call));
  bench.sync();
  return bench.take().map(({ message }) => (message.type === 'result' ? message.answer : message));
}

test('a call is sent to the server again and again, with the same id, until the result comes', () => {
  const bench = node('n2');
  bench.ask(add('c1', 1, 5));
  bench.wait(2 * RETRY);
  expect(bench.take()).toEqual(Array(3).fill({ to: 'n1', message: calls(add('c1', 1, 5)) }));
  expect(bench.takeAnswers()).toEqual([]);
  bench.receive('n1', { type: 'result', id: 'c1.1', answer: { type: 'ok', value: 5 } });
  bench.receive('n1', { type: 'result', id: 'c1.1', answer: { type: 'ok', value: 5 } });
  expect(bench.takeAnswers()).toEqual([{ type: 'ok', value: 5 }]);
  bench.wait(RETRY);
  expect(bench.take()).toEqual([]);
});

test('each request takes effect once, however often it comes, and equal requests each for themselves', () => {
  const bench = node('n1');
  expect(serve(bench, add('c1', 1, 5), add('c1', 1, 5), add('c1', 2, 5), add('c2', 1, 5))).toEqual(
    Array(4).fill({ type: 'ok', value: 5 }),
  );
  expect(serve(bench, READ)).toEqual([{ type: 'ok', value: 15 }]);
  expect(serve(bench, add('c1', 1, 5), READ)).toEqual([
    { type: 'fail', error: 'superseded' },
    { type: 'ok', value: 15 },
  ]);
});

test('nobody has an answer that a power loss can take back, and what was done before is not done again', () => {
  const bench = node('n1');
  bench.receive('n2', calls(add('c1', 1, 5)));
  expect(bench.take()).toEqual([]);
  bench.sync();
  expect(bench.take()).toHaveLength(1);
  bench.receive('n2', calls(add('c1', 2, 7)));
  bench.losePowerAndRestart();
  expect(serve(bench, add('c1', 1, 5), READ)).toEqual([
    { type: 'ok', value: 5 },
    { type: 'ok', value: 5 },
  ]);
});

test('the server takes calls of its own clients too', () => {
  const bench = node('n1');
  bench.ask(add('c1', 1, 5));
  bench.sync();
  expect(bench.takeAnswers()).toEqual([{ type: 'ok', value: 5 }]);
});

test('no-retry: a call without an answer is said to have failed', () => {
  const bench = node('n2', 'no-retry');
  bench.ask(add('c1', 1, 5));
  bench.wait(2 * RETRY);
  expect(bench.take()).toHaveLength(1);
  expect(bench.takeAnswers()).toEqual([{ type: 'fail', error: 'timeout' }]);
});

test.each([
  ['no-dedupe', 10],
  ['dedupe-lost-at-crash', 10],
])('%s: a request that comes again after a crash takes effect again', (bug, sum) => {
  const bench = node('n1', bug);
  serve(bench, add('c1', 1, 5));
  bench.losePowerAndRestart();
  serve(bench, add('c1', 1, 5));
  expect(serve(bench, READ)).toEqual([{ type: 'ok', value: sum }]);
});

test('dedupe-by-value: a second request for the same is taken for the first', () => {
  const bench = node('n1', 'dedupe-by-value');
  serve(bench, add('c1', 1, 5), add('c1', 2, 5), add('c1', 3, 6));
  expect(serve(bench, READ)).toEqual([{ type: 'ok', value: 11 }]);
});

test.each(['no-dedupe', 'no-retry', 'dedupe-lost-at-crash', 'dedupe-by-value'])(
  '%s is found',
  async (bug) => {
    const outcome = await run({ system, bug, seed: 1, timeLimit: 10 * SECOND });
    expect(findings(outcome).anomalies).toContain('nonlinearizable');
  },
);

test('adding to a set twice does harm as well, where somebody removes in between', async () => {
  const outcome = await run({ system, bug: 'no-dedupe', workload: 'likes', seed: 1, timeLimit: 10 * SECOND });
  expect(outcome.valid).toBe(false);
});

test.each(['counter', 'likes'])('the right one is never accused: %s', async (workload) => {
  for (let seed = 1; seed <= 3; seed++) {
    const outcome = await run({ system, workload, seed, timeLimit: 5 * SECOND });
    expect(findings(outcome)).toEqual({ anomalies: [], vacuous: [] });
  }
});
