import { expect, test } from 'vitest';
import type { Message } from '../../src/systems/sim/abd-cas/coordinator.ts';
import { AbdCasNode } from '../../src/systems/sim/abd-cas/program.ts';
import type { Query } from '../../src/systems/sim/shared/request-client.ts';
import { MILLISECOND } from '../../src/world/nanos.ts';
import { NodeBench } from './node-bench.ts';
import { findings, run } from './run.ts';

const BALLOT = { round: 1, node: 'n1' };
const version = (n: number, value: unknown, writer = 'c9.1') => ({ ts: { n, writer }, value });

/** The first of three nodes, up and running. */
function node(): NodeBench<Message, Query> {
  const bench = new NodeBench<Message, Query>(
    (context) => new AbdCasNode(context, { bugs: new Set(), resend: 100 * MILLISECOND }),
  );
  bench.sync();
  return bench;
}

/** What it said to n2 since the last call. */
function toN2(bench: NodeBench<Message, Query>): Message[] {
  bench.sync();
  return bench.take().flatMap(({ to, message }) => (to === 'n2' ? message : []));
}

/** Lets n2 play its part in deciding `key`, as it stands after phase 1. */
function decide(bench: NodeBench<Message, Query>, key: string, accepted: object | null = null): void {
  bench.sync();
  const promise = { type: 'promise', key, ballot: BALLOT, accepted } as Message;
  bench.receive('n2', promise);
  bench.sync();
  bench.receive('n2', { type: 'accepted', key, ballot: BALLOT });
  bench.sync();
}

test('a read has a majority store the latest version before it returns it', () => {
  const bench = node();
  bench.ask({ f: 'read', key: 'x', value: null });
  bench.take();
  bench.receive('n2', { type: 'state', op: 'c1.1', version: version(3, 'new') });
  expect(toN2(bench)).toEqual([{ type: 'store', op: 'c1.1', version: { key: 'x', ...version(3, 'new') } }]);
  expect(bench.takeAnswers()).toEqual([]);
  bench.receive('n3', { type: 'stored', op: 'c1.1' });
  expect(bench.takeAnswers()).toEqual([{ type: 'ok', value: 'new' }]);
});

test('a compare-and-set has the version decided that follows the one that it found, then stores it', () => {
  const bench = node();
  bench.ask({ f: 'cas', key: 'x', value: ['a', 'b'] });
  bench.receive('n2', { type: 'state', op: 'c1.1', version: version(3, 'a') });
  bench.take();
  decide(bench, 'x/4');
  expect(toN2(bench)).toMatchObject([
    { type: 'prepare', key: 'x/4' },
    { type: 'accept', key: 'x/4', value: { value: 'b', by: 'c1.1' } },
    { type: 'store', version: { key: 'x', ts: { n: 4 }, value: 'b' } },
  ]);
  expect(bench.takeAnswers()).toEqual([]);
  bench.receive('n2', { type: 'stored', op: 'c1.1' });
  expect(bench.takeAnswers()).toEqual([{ type: 'ok' }]);
});

test('a compare-and-set that meets another value fails, once a majority has stored that one', () => {
  const bench = node();
  bench.ask({ f: 'cas', key: 'x', value: ['a', 'b'] });
  bench.receive('n2', { type: 'state', op: 'c1.1', version: version(3, 'z') });
  bench.sync();
  expect(bench.takeAnswers()).toEqual([]);
  bench.receive('n2', { type: 'stored', op: 'c1.1' });
  expect(bench.takeAnswers()).toEqual([{ type: 'fail', error: 'mismatch' }]);
});

test('a write that is not chosen goes on from the version that was', () => {
  const bench = node();
  bench.ask({ f: 'write', key: 'x', value: 'mine' });
  bench.receive('n2', { type: 'state', op: 'c1.1', version: version(0, null, '') });
  decide(bench, 'x/1', { ballot: { round: 0, node: 'n3' }, value: { value: 'theirs', by: 'c7.1' } });
  bench.take();
  decide(bench, 'x/2');
  expect(toN2(bench)).toMatchObject([
    { type: 'accept' },
    { type: 'store', version: { ts: { n: 2 }, value: 'mine' } },
  ]);
});

test('a compare-and-set that is not chosen compares again', () => {
  const bench = node();
  bench.ask({ f: 'cas', key: 'x', value: [null, 'mine'] });
  bench.receive('n2', { type: 'state', op: 'c1.1', version: version(0, null, '') });
  decide(bench, 'x/1', { ballot: { round: 0, node: 'n3' }, value: { value: 'theirs', by: 'c7.1' } });
  bench.receive('n2', { type: 'stored', op: 'c1.1' });
  expect(bench.takeAnswers()).toEqual([{ type: 'fail', error: 'mismatch' }]);
});

test('what was stored and what was accepted is there after a power loss', () => {
  const bench = node();
  bench.receive('n2', { type: 'store', op: 'o', version: { key: 'x', ...version(3, 'kept') } });
  const accepted = { ballot: { round: 5, node: 'n2' }, value: { value: 'next', by: 'c7.1' } };
  bench.receive('n2', { type: 'accept', key: 'x/4', ...accepted });
  expect(bench.take()).toEqual([]);
  bench.sync();
  bench.take();
  bench.losePowerAndRestart();
  bench.receive('n2', { type: 'query', op: 'p', key: 'x' });
  bench.receive('n2', { type: 'prepare', key: 'x/4', ballot: { round: 6, node: 'n2' } });
  expect(toN2(bench)).toMatchObject([
    { type: 'state', version: version(3, 'kept') },
    { type: 'promise', accepted },
  ]);
});

test.each([
  ['no-write-back', 1],
  ['cas-without-consensus', 0],
  ['acknowledged-before-stored', 5],
])('%s is found', async (bug, seed) => {
  expect((await run({ system: 'abd-cas', bug, seed })).valid).toBe(false);
});

test('the right one is never accused', async () => {
  for (let seed = 1; seed <= 8; seed++) {
    const outcome = await run({ system: 'abd-cas', seed });
    expect(findings(outcome)).toEqual({ anomalies: [], vacuous: [] });
  }
});
