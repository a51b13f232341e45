import { expect, test } from 'vitest';
import type { TotalOrderMessage } from '../../../src/systems/sim/shared/total-order/state.ts';
import { TotalOrder } from '../../../src/systems/sim/shared/total-order/total-order.ts';
import { MILLISECOND } from '../../../src/world/nanos.ts';
import type { NodeContext, NodeProgram, RequestId } from '../../../src/world/node-program.ts';
import { NodeBench } from '../node-bench.ts';

type Message = TotalOrderMessage<string>;

const HEARTBEAT = 50 * MILLISECOND;
const SUSPECT_AFTER = 300 * MILLISECOND;
const NODES = ['n1', 'n2', 'n3', 'n4', 'n5'];

/** Broadcasts what clients tell it. */
class Teller implements NodeProgram<Message, string> {
  readonly delivered: string[] = [];
  readonly order: TotalOrder<string>;

  constructor(context: NodeContext<Message>, suspectAfter: number | null, bugs: readonly string[]) {
    this.order = new TotalOrder(context, {
      heartbeat: HEARTBEAT,
      suspectAfter,
      bugs: new Set(bugs),
      deliver: ({ payload }) => this.delivered.push(payload),
    });
  }

  onStart(): void {
    this.order.start();
  }

  onRequest(_request: RequestId, query: string): void {
    this.order.broadcast(query);
  }

  onMessage(from: string, message: Message): void {
    this.order.onMessage(from, message);
  }

  onTimer(): void {
    this.order.onTimer();
  }
}

/** The node called `id` of five; views are led by n1, n2, ... in turn. */
function teller(id: string, { suspectAfter = SUSPECT_AFTER as number | null, bugs = [] as string[] } = {}) {
  const nodes = [id, ...NODES.filter((node) => node !== id)];
  const bench = new NodeBench<Message, string>((context) => new Teller(context, suspectAfter, bugs), nodes);
  const program = () => bench.program as Teller;
  return { bench, delivered: () => program().delivered, order: () => program().order };
}

const item = (payload: string, node = 'n9') => ({ id: `${node}.${payload}`, payload });
const items = (text: string) => [...text].map((payload) => item(payload));

function prepare(view: number, start: number, text: string, committed = 0): Message {
  return { type: 'prepare', view, start, items: items(text), committed };
}

function vote(view: number, lastNormal: number, text: string, committed = 0): Message {
  return { type: 'vote', view, lastNormal, log: items(text), committed };
}

const types = (bench: NodeBench<Message, string>) => bench.take().map(({ message }) => message.type);

test('the leader delivers an item when a majority has it', () => {
  const { bench, delivered } = teller('n1');
  bench.ask('a');
  bench.receive('n2', { type: 'prepared', view: 0, length: 1 });
  bench.receive('n2', { type: 'prepared', view: 0, length: 1 });
  expect(delivered()).toEqual([]);
  bench.receive('n3', { type: 'prepared', view: 0, length: 1 });
  expect(delivered()).toEqual(['a']);
});

test('an item that is submitted again is ordered once', () => {
  const { bench, delivered } = teller('n1');
  for (const from of ['n2', 'n2']) bench.receive(from, { type: 'submit', item: item('a', 'n2') });
  bench.receive('n2', { type: 'prepared', view: 0, length: 2 });
  bench.receive('n3', { type: 'prepared', view: 0, length: 2 });
  expect(delivered()).toEqual(['a']);
});

test('a follower submits its item to the leader again and again until it is delivered', () => {
  const { bench, delivered } = teller('n2');
  bench.ask('a');
  bench.wait(HEARTBEAT);
  expect(bench.take().filter(({ to, message }) => to === 'n1' && message.type === 'submit').length).toBe(2);
  const own = { id: 'n2.1', payload: 'a' };
  bench.receive('n1', { type: 'prepare', view: 0, start: 0, items: [own], committed: 1 });
  expect(delivered()).toEqual(['a']);
  bench.take();
  bench.wait(HEARTBEAT);
  expect(types(bench)).toEqual([]);
});

test('a follower acknowledges no more than it has without a gap', () => {
  const { bench } = teller('n2');
  bench.receive('n1', prepare(0, 0, 'a'));
  bench.receive('n1', prepare(0, 2, 'c'));
  bench.receive('n1', prepare(0, 0, 'abc'));
  const lengths = bench.take().map(({ message }) => (message.type === 'prepared' ? message.length : -1));
  expect(lengths).toEqual([1, 1, 3]);
});

test('a leader sends a follower again what it has not acknowledged', () => {
  const { bench } = teller('n1');
  bench.ask('a');
  bench.ask('b');
  bench.receive('n2', { type: 'prepared', view: 0, length: 1 });
  bench.take();
  bench.wait(HEARTBEAT);
  const sent = bench
    .take()
    .map(({ to, message }) => [to, message.type === 'prepare' && message.items.length]);
  expect(sent).toEqual([
    ['n2', 1],
    ['n3', 2],
    ['n4', 2],
    ['n5', 2],
  ]);
});

test('a silent leader is followed by the next node, which takes the most advanced log of a majority', () => {
  const { bench, order, delivered } = teller('n2');
  bench.receive('n1', prepare(0, 0, 'ab', 1));
  bench.wait(2 * SUSPECT_AFTER + HEARTBEAT);
  expect(order().leads).toBe(false);
  bench.receive('n3', vote(1, 0, 'abc', 1));
  expect(order().leads).toBe(false);
  bench.receive('n4', vote(1, 0, 'a', 2));
  expect(order().leads).toBe(true);
  expect(delivered()).toEqual(['a', 'b']);
  bench.receive('n3', { type: 'prepared', view: 1, length: 3 });
  bench.receive('n4', { type: 'prepared', view: 1, length: 3 });
  expect(delivered()).toEqual(['a', 'b', 'c']);
});

test('a log of a later view goes before a longer one', () => {
  const { bench, delivered } = teller('n3');
  bench.receive('n4', vote(2, 0, 'abcd'));
  bench.receive('n5', vote(2, 1, 'xy'));
  for (const node of ['n4', 'n5']) bench.receive(node, { type: 'prepared', view: 2, length: 2 });
  expect(delivered()).toEqual(['x', 'y']);
});

test('who has gone to a new view acknowledges nothing in the old one', () => {
  const { bench } = teller('n3');
  bench.receive('n4', { type: 'change', view: 1 });
  bench.take();
  bench.receive('n1', prepare(0, 0, 'a'));
  expect(types(bench)).toEqual([]);
});

test('who missed the start of a view asks for its log before it acknowledges, and drops what is not in it', () => {
  const { bench, delivered } = teller('n3');
  bench.receive('n1', prepare(0, 0, 'ab', 1));
  bench.take();
  bench.receive('n2', prepare(1, 2, 'y'));
  expect(bench.take()).toEqual([{ to: 'n2', message: { type: 'fetch', view: 1, delivered: 1 } }]);
  bench.receive('n2', { type: 'start', view: 1, start: 1, items: items('xy'), committed: 3 });
  expect(delivered()).toEqual(['a', 'x', 'y']);
  expect(bench.take()).toEqual([{ to: 'n2', message: { type: 'prepared', view: 1, length: 3 } }]);
});

test('with a fixed leader nobody ever takes over', () => {
  const { bench, order } = teller('n2', { suspectAfter: null });
  bench.wait(100 * SUSPECT_AFTER);
  expect(order().leader).toBe('n1');
  expect(types(bench)).toEqual([]);
});

test('promoted behind: the new leader goes on from its own log', () => {
  const { bench, delivered } = teller('n2', { bugs: ['promoted-behind'] });
  bench.wait(2 * SUSPECT_AFTER + HEARTBEAT);
  for (const node of ['n3', 'n4']) bench.receive(node, vote(1, 0, 'abc', 3));
  expect(delivered()).toEqual([]);
});
