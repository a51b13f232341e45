import { expect, test } from 'vitest';
import type { Query, Reply } from '../../../src/systems/sim/shared/log-client.ts';
import { LogClient } from '../../../src/systems/sim/shared/log-client.ts';
import type { Invocation } from '../../../src/world/client.ts';
import { ConnectionError } from '../../../src/world/client.ts';
import { randomOf } from '../../../src/world/random.ts';

type Try = Reply | 'refused' | 'reset' | 'silence';

/** A client of n1, n2, n3 whose tries come out as told, the last outcome over and over. */
async function clientOf(...outcomes: readonly Try[]) {
  const asked: { node: string; query: Query }[] = [];
  const client = new LogClient(
    {
      id: 'c1',
      process: 0,
      nodes: ['n1', 'n2', 'n3'],
      random: randomOf(1),
      request(node, query) {
        const outcome = outcomes[Math.min(asked.length, outcomes.length - 1)]!;
        asked.push({ node, query: query as Query });
        if (outcome === 'silence') return new Promise(() => {});
        if (outcome === 'refused' || outcome === 'reset')
          return Promise.reject(new ConnectionError(outcome, node));
        return Promise.resolve(outcome);
      },
      // Later than any answer.
      sleep: () => new Promise((resolve) => setImmediate(resolve)),
    },
    1,
    'register',
  );
  await client.open('n1');
  return { client, asked };
}

const WRITE: Invocation = { f: 'write', key: 'x', value: 1 };
const READ: Invocation = { f: 'read', key: 'x', value: null };
const NOT_LEADER: Reply = { type: 'not-leader', leader: null };

test.each<[string, Try[], Invocation, string]>([
  ['the machine refused it', [{ type: 'fail', error: 'mismatch' }], WRITE, 'fail mismatch'],
  ['no node led', [NOT_LEADER], WRITE, 'fail no-leader'],
  ['no node was up', ['refused'], WRITE, 'fail no-leader'],
  ['no node answered', ['silence'], WRITE, 'info timeout'],
  ['a connection broke', ['reset', NOT_LEADER], WRITE, 'info reset'],
  ['a leader had it and lost its office', [{ type: 'unknown' }, NOT_LEADER], WRITE, 'info leader-lost'],
  ['a try may have been heard, and others surely not', ['silence', 'refused'], WRITE, 'info timeout'],
  ['a read found nobody', ['silence'], READ, 'fail timeout'],
  [
    'a retry was refused by the machine',
    ['silence', { type: 'fail', error: 'mismatch' }],
    WRITE,
    'fail mismatch',
  ],
  ['a retry succeeded', ['reset', { type: 'ok', value: 1 }], WRITE, 'ok '],
])('when %s', async (_, outcomes, invocation, expected) => {
  const { client } = await clientOf(...outcomes);
  const { type, error } = await client.invoke(invocation);
  expect(`${type} ${error ?? ''}`).toBe(expected);
});

test('all tries of an operation carry one sequence number, and the next operation another', async () => {
  const { client, asked } = await clientOf(NOT_LEADER, NOT_LEADER, { type: 'ok', value: 1 });
  await client.invoke(WRITE);
  await client.invoke(WRITE);
  expect(asked.map(({ query }) => query.sequence)).toEqual([1, 1, 1, 2]);
});

test('it follows the hint of its node to the leader, stays with it, and goes home after trouble', async () => {
  const { client, asked } = await clientOf(
    { type: 'not-leader', leader: 'n3' },
    { type: 'ok', value: 1 },
    { type: 'ok', value: 1 },
    'reset',
    { type: 'ok', value: 1 },
  );
  for (let i = 0; i < 4; i++) await client.invoke(WRITE);
  const nodes = asked.map(({ node }) => node);
  expect(nodes.slice(0, 4)).toEqual(['n1', 'n3', 'n3', 'n3']);
  expect(nodes[4]).not.toBe('n3');
  expect(nodes[5]).toBe('n1');
});

test('it gives up after a bounded number of tries, and when closed', async () => {
  const patient = await clientOf(NOT_LEADER);
  await patient.client.invoke(WRITE);
  expect(patient.asked.length).toBe(10);
  const closed = await clientOf('silence');
  const answer = closed.client.invoke(WRITE);
  await closed.client.close();
  expect((await answer).type).toBe('info');
  expect(closed.asked.length).toBe(1);
});
