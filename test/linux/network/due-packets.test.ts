import { expect, test } from 'vitest';
import { DuePackets } from '../../../src/linux/network/due-packets.ts';
import { randomOf } from '../../../src/world/random.ts';

test('packets come out by their times, and those of one time in the order in which they went in', () => {
  const random = randomOf('due');
  const due = new DuePackets();
  const waiting: { at: number; number: number }[] = [];
  for (let i = 0; i < 2_000; i++) {
    if (waiting.length > 0 && random.chance(0.4)) {
      const first = waiting.reduce((a, b) => (b.at < a.at ? b : a));
      expect(due.next).toBe(first.at);
      expect(due.take()).toMatchObject({ at: first.at, to: first.number });
      waiting.splice(waiting.indexOf(first), 1);
    } else {
      const entry = { at: random.int(50), number: i };
      waiting.push(entry);
      due.add({ at: entry.at, link: i % 3, to: i, bytes: new Uint8Array() });
    }
    expect(due.size).toBe(waiting.length);
  }
  // What is on one link comes sooner, in the order in which it was added, and the rest as before.
  due.hasten(new Map([[1, 10]]));
  const hastened = waiting.map(({ at, number }) => ({
    at: number % 3 === 1 ? Math.min(at, 10) : at,
    number,
  }));
  hastened.sort((a, b) => a.at - b.at || a.number - b.number);
  for (const { at, number } of hastened) expect(due.take()).toMatchObject({ at, to: number });
  expect(due.next).toBe(Number.POSITIVE_INFINITY);
});
