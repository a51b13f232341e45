import { expect, test } from 'vitest';
import {
  LamportOrder,
  type TimedPayload,
} from '../../src/systems/sim/lamport-total-order-broadcast/lamport-order.ts';
import type { Message } from '../../src/systems/sim/shared/broadcast/message.ts';

const says = (origin: string, n: number, time: number): Message<TimedPayload> => ({
  origin,
  n,
  payload: { value: `${origin}@${time}`, time },
});
const ticks = (origin: string, n: number, time: number): Message<TimedPayload> => ({
  origin,
  n,
  payload: { time },
});

function order(...bugs: string[]) {
  const made = new LamportOrder('n1', ['n2', 'n3'], new Set(bugs));
  const receive = (...all: Message<TimedPayload>[]) =>
    all.flatMap((each) => made.receive(each).map(({ payload }) => payload.value)).join(' ');
  return { order: made, receive };
}

test('a message is delivered once every node has passed its time', () => {
  const { receive } = order();
  expect(receive(says('n2', 1, 4), ticks('n3', 1, 5))).toBe('');
  expect(receive(ticks('n1', 1, 3))).toBe('');
  expect(receive(ticks('n1', 2, 4))).toBe('n2@4');
});

test('messages come out in the order of their times, and then of their senders', () => {
  const { receive } = order();
  expect(receive(says('n3', 1, 2), says('n2', 1, 2), says('n1', 1, 1))).toBe('n1@1');
  expect(receive(ticks('n1', 2, 9), ticks('n2', 2, 9), ticks('n3', 2, 9))).toBe('n2@2 n3@2');
});

test('a message that came before its turn tells no time yet', () => {
  const { receive } = order();
  expect(receive(says('n2', 1, 1), ticks('n1', 1, 5), ticks('n3', 2, 5))).toBe('');
  expect(receive(ticks('n3', 1, 1))).toBe('n2@1');
});

test('a node tells its time when somebody waits for it, and only then', () => {
  const { order: made, receive } = order();
  expect(made.announcement()).toBeUndefined();
  receive(says('n2', 1, 7));
  const announcement = made.announcement()!;
  expect(announcement).toEqual({ time: 8 });
  receive({ origin: 'n1', n: 1, payload: announcement });
  expect(made.announcement()).toBeUndefined();
  expect(made.payload('a')).toEqual({ value: 'a', time: 9 });
});

test('ties-not-broken: of the same time, the first to come is the first', () => {
  const { receive } = order('ties-not-broken');
  receive(says('n3', 1, 2), says('n2', 1, 2));
  expect(receive(ticks('n1', 1, 9), ticks('n2', 2, 9), ticks('n3', 2, 9))).toBe('n3@2 n2@2');
});

test('does-not-wait: what has come is delivered, though an earlier one follows', () => {
  expect(order('does-not-wait').receive(says('n3', 1, 2), says('n2', 1, 1))).toBe('n3@2 n2@1');
});
