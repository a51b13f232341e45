import { expect, test } from 'vitest';
import { BroadcastNode } from '../../../src/systems/sim/shared/broadcast/broadcast-node.ts';
import { FifoOrder } from '../../../src/systems/sim/shared/broadcast/fifo-order.ts';
import { Flooding, type FloodPacket } from '../../../src/systems/sim/shared/broadcast/flooding.ts';
import type { Message, Payload } from '../../../src/systems/sim/shared/broadcast/message.ts';
import type { Query } from '../../../src/systems/sim/shared/request-client.ts';
import { MILLISECOND } from '../../../src/world/nanos.ts';
import { NodeBench } from '../node-bench.ts';

type Packet = FloodPacket<Payload>;

const TICK = 100 * MILLISECOND;
const LOG: Query = { f: 'log', value: null };
const cast = (value: unknown): Query => ({ f: 'broadcast', value });
const message = (origin: string, n: number): Message<Payload> => ({
  origin,
  n,
  payload: { value: `${origin}.${n}` },
});
const messages = (...all: Message<Payload>[]): Packet => ({ type: 'messages', messages: all });

function node({ relay = true, bugs = [] as string[] } = {}): NodeBench<Packet, Query> {
  const set = new Set(bugs);
  return new NodeBench<Packet, Query>(
    (context) =>
      new BroadcastNode<Payload, Packet>(context, {
        bugs: set,
        order: new FifoOrder(set),
        spread: (host) => new Flooding(host, { bugs: set, relay }),
        answer: 'at-once',
        tick: TICK,
      }),
  );
}

/** To whom which messages were sent, `n2: n1.1`, and acknowledgements, `n2: ack n1.1`. */
function sent(bench: NodeBench<Packet, Query>): string[] {
  return bench.take().flatMap(({ to, message: packet }) => {
    if (packet.type === 'acks') return packet.ids.map((id) => `${to}: ack ${id}`);
    return packet.messages.map(({ origin, n }) => `${to}: ${origin}.${n}`);
  });
}

function log(bench: NodeBench<Packet, Query>): string {
  bench.ask(LOG);
  bench.sync();
  const { value } = bench.takeAnswers().at(-1) as { value: [string, unknown][] };
  return value.map(([what, message]) => (what === 'broadcast' ? `+${message}` : message)).join(' ');
}

test('a message goes to all, and the client hears of it, once it is on the disk', () => {
  const bench = node();
  bench.ask(cast('a'));
  expect([sent(bench), bench.takeAnswers()]).toEqual([[], []]);
  bench.sync();
  expect(sent(bench)).toEqual(['n2: n1.1', 'n3: n1.1']);
  expect(bench.takeAnswers()).toEqual([{ type: 'ok', value: 'a' }]);
  expect(log(bench)).toBe('+a a');
});

test('what is not acknowledged is sent again, and whoever sends a message has it', () => {
  const bench = node();
  bench.ask(cast('a'));
  bench.sync();
  bench.take();
  bench.receive('n3', { type: 'acks', ids: ['n1.1'] });
  bench.wait(TICK);
  expect(sent(bench)).toEqual(['n2: n1.1']);
  bench.receive('n2', messages(message('n1', 1)));
  bench.take();
  bench.wait(TICK);
  expect(sent(bench)).toEqual([]);
});

test('who gets a message for the first time acknowledges it, delivers it and sends it on to those who may lack it', () => {
  const bench = node();
  bench.receive('n2', messages(message('n2', 1)));
  bench.receive('n2', messages(message('n2', 1)));
  bench.sync();
  expect(sent(bench).sort()).toEqual(['n2: ack n2.1', 'n2: ack n2.1', 'n3: n2.1']);
  expect(log(bench)).toBe('n2.1');
});

test('by best effort nobody sends on what is not its own, also after a crash', () => {
  const bench = node({ relay: false });
  bench.ask(cast('a'));
  bench.receive('n2', messages(message('n2', 1)));
  bench.sync();
  expect(sent(bench)).toEqual(['n2: n1.1', 'n3: n1.1', 'n2: ack n2.1']);
  bench.losePowerAndRestart();
  bench.wait(TICK);
  bench.sync();
  expect(sent(bench)).toEqual(['n2: n1.1', 'n3: n1.1']);
});

test('a node that comes back has delivered what it had, goes on counting, and sends on what it has', () => {
  const bench = node();
  bench.ask(cast('a'));
  bench.receive('n2', messages(message('n2', 1), message('n2', 3)));
  bench.sync();
  bench.receive('n2', messages(message('n2', 2)));
  bench.losePowerAndRestart();
  expect(log(bench)).toBe('+a a n2.1');
  bench.take();
  bench.wait(TICK);
  expect(sent(bench)).toEqual(['n2: n1.1', 'n3: n1.1', 'n3: n2.1', 'n3: n2.3']);
  bench.receive('n3', messages(message('n2', 2)));
  bench.ask(cast('b'));
  expect(log(bench)).toBe('+a a n2.1 n2.2 n2.3 +b b');
});

test('sequence-reset: a node that comes back uses its numbers again', () => {
  const bench = node({ bugs: ['sequence-reset'] });
  bench.ask(cast('a'));
  bench.sync();
  bench.losePowerAndRestart();
  bench.ask(cast('b'));
  expect(log(bench)).toBe('+a a +b');
});

test('no-hold-back: a message is delivered before its turn', () => {
  const bench = node({ bugs: ['no-hold-back'] });
  bench.receive('n2', messages(message('n2', 2), message('n2', 1)));
  expect(log(bench)).toBe('n2.2 n2.1');
});

test('no-retry: what is lost once is lost', () => {
  const bench = node({ bugs: ['no-retry'] });
  bench.ask(cast('a'));
  bench.sync();
  bench.take();
  bench.wait(3 * TICK);
  expect(sent(bench)).toEqual([]);
});
