import { expect, test } from 'vitest';
import { PrimaryBackupNode } from '../../src/systems/sim/primary-backup/program.ts';
import type { Query } from '../../src/systems/sim/shared/log-client.ts';
import type { TotalOrderMessage } from '../../src/systems/sim/shared/total-order/state.ts';
import { MILLISECOND, SECOND } from '../../src/world/nanos.ts';
import { NodeBench } from './node-bench.ts';
import { findings, run } from './run.ts';

const system = 'primary-backup';

// biome-ignore lint/suspicious/noExplicitAny: the update is the program's own affair
type Message = TotalOrderMessage<any>;

function node(nodes: string[], bugs: string[] = []): NodeBench<Message, Query> {
  const options = { bugs: new Set(bugs), heartbeat: 50 * MILLISECOND, suspectAfter: 300 * MILLISECOND };
  return new NodeBench<Message, Query>((context) => new PrimaryBackupNode(context, options), nodes);
}

/** The first primary. */
const primary = (bugs: string[] = []) => node(['n1', 'n2', 'n3'], bugs);

const write = (sequence: number, value: number): Query => ({
  client: 'c1',
  sequence,
  operation: { f: 'write', key: 'x', value },
});
const READ: Query = { client: 'c2', sequence: 1, operation: { f: 'read', key: 'x', value: null } };
const prepared = (length: number): Message => ({ type: 'prepared', view: 0, length });

test('a write is answered when a majority has the update, and a read not before what precedes it', () => {
  const bench = primary();
  bench.ask(write(1, 7));
  bench.ask(READ);
  expect(bench.takeAnswers()).toEqual([]);
  bench.receive('n2', prepared(1));
  expect(bench.takeAnswers()).toEqual([{ type: 'ok', value: 7 }]);
  bench.receive('n2', prepared(2));
  expect(bench.takeAnswers()).toEqual([{ type: 'ok', value: 7 }]);
});

test('a request that comes again gets the first answer, and takes effect once', () => {
  const bench = primary();
  const cas = { client: 'c1', sequence: 2, operation: { f: 'cas', key: 'x', value: [7, 8] } };
  bench.ask(write(1, 7));
  bench.receive('n2', prepared(1));
  bench.ask(cas);
  bench.receive('n2', prepared(2));
  bench.ask(cas);
  expect(bench.takeAnswers().slice(1)).toEqual([
    { type: 'ok', value: [7, 8] },
    { type: 'ok', value: [7, 8] },
  ]);
});

test('a backup names the primary', () => {
  const bench = node(['n2', 'n1', 'n3']);
  bench.ask(READ);
  expect(bench.takeAnswers()).toEqual([{ type: 'not-leader', leader: 'n1' }]);
});

test('a primary that is replaced leaves open what it began and sends away what it did not', () => {
  const bench = primary();
  bench.ask(write(1, 7));
  bench.ask(READ);
  bench.receive('n2', { type: 'change', view: 1 });
  expect(bench.takeAnswers()).toEqual([{ type: 'unknown' }, { type: 'not-leader', leader: null }]);
});

test('backups take what the primary has made of an operation', () => {
  const bench = primary();
  bench.ask(write(1, 7));
  const sent = bench.take().find(({ to }) => to === 'n2')!.message;
  expect(sent).toMatchObject({ items: [{ payload: { change: { key: 'x', value: 7 } } }] });
});

test.each([
  ['promoted-behind', 'stale-read'],
  ['acks-before-apply', 'stale-read'],
  ['answers-before-backups', 'stale-read'],
])('%s is found', async (bug, kind) => {
  for (const seed of [1, 1001]) expect(findings(await run({ system, bug, seed })).anomalies).toContain(kind);
});

test('the right one is never accused', async () => {
  for (let seed = 1; seed <= 10; seed++) {
    const outcome = await run({ system, seed, timeLimit: 10 * SECOND });
    expect(findings(outcome)).toEqual({ anomalies: [], vacuous: [] });
  }
});
