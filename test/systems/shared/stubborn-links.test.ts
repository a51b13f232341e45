import { expect, test } from 'vitest';
import { StubbornLinks } from '../../../src/systems/sim/shared/stubborn-links.ts';

function links() {
  const sent: [to: string, messages: readonly string[]][] = [];
  const made = new StubbornLinks<string>((to, messages) => sent.push([to, messages]));
  return { links: made, take: () => sent.splice(0) };
}

test('a message is sent at once, and again until it is acknowledged', () => {
  const { links: l, take } = links();
  l.send('n2', '1', 'a');
  l.send('n3', '1', 'a');
  expect(take()).toEqual([
    ['n2', ['a']],
    ['n3', ['a']],
  ]);
  l.acknowledge('n2', ['1']);
  l.resend();
  l.resend();
  expect(take()).toEqual([
    ['n3', ['a']],
    ['n3', ['a']],
  ]);
  l.acknowledge('n3', ['1', 'unknown']);
  l.resend();
  expect(take()).toEqual([]);
});

test('a long backlog goes out in pieces, the oldest first', () => {
  const { links: l, take } = links();
  const ids = Array.from({ length: 150 }, (_, i) => String(i));
  for (const id of ids) l.sendLater('n2', id, id);
  expect(take()).toEqual([]);
  l.resend();
  expect(take()).toEqual([['n2', ids.slice(0, 100)]]);
  l.acknowledge('n2', ids.slice(0, 100));
  l.resend();
  expect(take()).toEqual([['n2', ids.slice(100)]]);
});
