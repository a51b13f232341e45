import { expect, test } from 'vitest';
import { CausalOrder, type CausalPayload } from '../../src/systems/sim/causal-broadcast/causal-order.ts';
import type { Message } from '../../src/systems/sim/shared/broadcast/message.ts';
import type { Vector } from '../../src/systems/sim/shared/vector.ts';

const message = (origin: string, n: number, after: Vector): Message<CausalPayload> => ({
  origin,
  n,
  payload: { value: `${origin}.${n}`, after },
});
const QUESTION = message('n1', 1, {});
const ANSWER = message('n2', 1, { n1: 1 });
const THANKS = message('n1', 2, { n1: 1, n2: 1 });

function order(...bugs: string[]) {
  const made = new CausalOrder('n3', new Set(bugs));
  const receive = (...all: Message<CausalPayload>[]) =>
    all.flatMap((each) => made.receive(each).map(({ payload }) => payload.value)).join(' ');
  return { order: made, receive };
}

test('a message waits for all that its sender had delivered', () => {
  const { receive } = order();
  expect(receive(THANKS, ANSWER)).toBe('');
  expect(receive(QUESTION)).toBe('n1.1 n2.1 n1.2');
});

test('messages whose senders know nothing of each other are delivered as they come', () => {
  expect(order().receive(message('n2', 1, {}), QUESTION)).toBe('n2.1 n1.1');
});

test('a message depends on all that its node has delivered, its own too', () => {
  const { order: made, receive } = order();
  receive(QUESTION, ANSWER);
  expect(made.payload('a')).toEqual({ value: 'a', after: { n1: 1, n2: 1 } });
  expect(receive(message('n3', 1, { n1: 1, n2: 1 }))).toBe('n3.1');
  expect(made.payload('b').after).toEqual({ n1: 1, n2: 1, n3: 1 });
});

test('deliveries-left-out: a message depends on those of its own node only', () => {
  const { order: made, receive } = order('deliveries-left-out');
  receive(QUESTION, message('n3', 1, { n3: 0 }));
  expect(made.payload('a').after).toEqual({ n3: 1 });
});

test('strict-comparison: a message waits for more than its sender had seen', () => {
  expect(order('strict-comparison').receive(QUESTION, ANSWER)).toBe('n1.1');
});
