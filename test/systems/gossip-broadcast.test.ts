import { expect, test } from 'vitest';
import { Gossip, type GossipPacket } from '../../src/systems/sim/gossip-broadcast/gossip.ts';
import { BroadcastNode } from '../../src/systems/sim/shared/broadcast/broadcast-node.ts';
import type { Message, Payload } from '../../src/systems/sim/shared/broadcast/message.ts';
import { UNORDERED } from '../../src/systems/sim/shared/broadcast/order.ts';
import type { Query } from '../../src/systems/sim/shared/request-client.ts';
import { MILLISECOND } from '../../src/world/nanos.ts';
import { NodeBench } from './node-bench.ts';

type Packet = GossipPacket<Payload>;

const TICK = 200 * MILLISECOND;
const message = (origin: string, n: number): Message<Payload> => ({
  origin,
  n,
  payload: { value: `${origin}.${n}` },
});
const messages = (...all: Message<Payload>[]): Packet => ({ type: 'messages', messages: all });

function node(...bugs: string[]): NodeBench<Packet, Query> {
  const set = new Set(bugs);
  return new NodeBench<Packet, Query>(
    (context) =>
      new BroadcastNode<Payload, Packet>(context, {
        bugs: set,
        order: UNORDERED,
        spread: (host) => new Gossip(host, { bugs: set, fanout: 2 }),
        answer: 'at-once',
        tick: TICK,
      }),
    ['n1', 'n2', 'n3', 'n4', 'n5'],
  );
}

test('a rumour that is new is told to a few others, and an old one to nobody', () => {
  const bench = node();
  bench.receive('n2', messages(message('n2', 1)));
  bench.sync();
  const told = bench.take();
  expect(told.map(({ message: packet }) => packet)).toEqual([
    messages(message('n2', 1)),
    messages(message('n2', 1)),
  ]);
  expect(new Set(told.map(({ to }) => to)).size).toBe(2);
  expect(told.map(({ to }) => to)).not.toContain('n2');
  bench.receive('n3', messages(message('n2', 1)));
  bench.sync();
  expect(bench.take()).toEqual([]);
});

test('two nodes that compare send each other what they lack', () => {
  const bench = node();
  bench.receive('n2', messages(message('n2', 1), message('n2', 2), message('n3', 1), message('n4', 2)));
  bench.sync();
  bench.take();
  bench.wait(TICK);
  const have = {
    n2: { complete: 2, beyond: [] },
    n3: { complete: 1, beyond: [] },
    n4: { complete: 0, beyond: [2] },
  };
  expect(bench.take()).toMatchObject([{ message: { type: 'digest', have, answer: true } }]);
  bench.receive('n5', { type: 'digest', have: { n2: { complete: 1, beyond: [] } }, answer: true });
  expect(bench.take()).toEqual([
    { to: 'n5', message: messages(message('n2', 2), message('n3', 1), message('n4', 2)) },
    { to: 'n5', message: { type: 'digest', have, answer: false } },
  ]);
});

test('what follows a gap is passed on as well, for the gap may last for ever', () => {
  const bench = node();
  bench.receive('n2', messages(message('n4', 2), message('n4', 3)));
  bench.sync();
  bench.take();
  bench.receive('n3', { type: 'digest', have: { n4: { complete: 0, beyond: [2] } }, answer: false });
  expect(bench.take()).toEqual([{ to: 'n3', message: messages(message('n4', 3)) }]);
  bench.receive('n3', { type: 'digest', have: { n4: { complete: 0, beyond: [2, 3] } }, answer: false });
  expect(bench.take()).toEqual([]);
});

test('no-anti-entropy: nobody compares', () => {
  const bench = node('no-anti-entropy');
  bench.wait(5 * TICK);
  expect(bench.take()).toEqual([]);
});

test('no-relay: a node tells only of its own', () => {
  const bench = node('no-relay');
  bench.receive('n2', messages(message('n2', 1)));
  bench.receive('n5', { type: 'digest', have: {}, answer: false });
  bench.sync();
  expect(bench.take()).toEqual([]);
});
